# Takes the bundle away. Volumes and disks keep what is on them.
cd "$state" 2>/dev/null || exit 0
exec 9>>lock
flock -w "$1" 9 || { printf 'held %s\n' "$(cat owner)"; exit 75; }
[ -f installed ] || exit 0
services=$(cut -d' ' -f4 installed | grep -v -x -e - | sort -u)
[ -z "$services" ] || systemctl stop $services 2>/dev/null
while read -r sha mode kind service path; do
  case $path in
    /etc/containers/systemd/*.network) podman network rm -f "$(sed -n 's/^NetworkName=//p' "$path")" >/dev/null 2>&1 ;;
    /etc/systemd/system/*.service) systemctl disable -q "${path##*/}" 2>/dev/null ;;
  esac
  rm -f "$path"
done <installed
rm -f /etc/provisioner/slots/*.nft
systemctl daemon-reload
for name in $(podman secret ls --filter name='^provisioner\.' --format '{{.Name}}'); do podman secret rm "$name" >/dev/null; done
rm -rf current journal installed generations/* store/* records/* scratch log owner pid
