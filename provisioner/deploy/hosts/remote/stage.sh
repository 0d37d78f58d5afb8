# Takes in what a generation needs, from a tar archive on its input, and checks all of it. Nothing that runs is touched.
goal=$1
cd "$state" || exit 70
for folder in "$state" /var/lib/containers; do
  [ -d "$folder" ] || continue
  free=$(df -Pk "$folder" | awk 'NR==2 {print $4}')
  [ "$free" -ge 65536 ] || { echo "the disk under $folder is full: expected 64 MiB free, found $((free / 1024)) MiB" >&2; exit 1; }
done
incoming=incoming.$$
trap 'rm -rf "$incoming"' EXIT
mkdir "$incoming" && tar -x -C "$incoming" || exit 1
for file in "$incoming"/store/*; do
  [ -f "$file" ] || continue
  name=${file##*/}
  set -- $(sha256sum <"$file")
  [ "$1" = "$name" ] || { echo "$name arrived damaged: its sha256 is $1" >&2; exit 1; }
  mv "$file" "store/$name" || exit 1
done
rmdir "$incoming/store" 2>/dev/null
mkdir "$incoming/dry" || exit 1
while read -r sha mode kind service path; do
  [ -f "store/$sha" ] || { echo "$path is not there: its contents $sha are missing" >&2; exit 1; }
  case $path in /etc/containers/systemd/*) cp "store/$sha" "$incoming/dry/${path##*/}" || exit 1 ;; esac
done <"$incoming/manifest"
for quadlet in /usr/libexec/podman/quadlet /usr/lib/podman/quadlet; do
  [ -x "$quadlet" ] && break
done
QUADLET_UNIT_DIRS="$PWD/$incoming/dry" "$quadlet" -dryrun >/dev/null 2>"$incoming/refusals" || { cat "$incoming/refusals" >&2; exit 1; }
rm -rf "$incoming/dry" "$incoming/refusals" "generations/$goal"
mv "$incoming" "generations/$goal" && sync -f . || exit 1
while read -r image; do
  podman image exists "$image" || printf 'image %s\n' "$image"
done <"generations/$goal/images"
