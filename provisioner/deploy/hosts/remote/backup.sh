# Writes what lies in a folder to its output, as a tar archive, while the services that use it are stopped; then its sha256 to
# its errors. However this ends, all that ran runs again, what required those services among it.
folder=$1 work=$state/backup.$$
shift
cd "$state" || exit 70
exec 9>>lock
flock -n 9 || { printf 'held %s\n' "$(cat owner)" >&2; exit 75; }
[ -d "$folder" ] || { echo "$folder is not there" >&2; exit 1; }
ran=$(podman ps --filter label=provisioner.workload --format '{{.Names}}.service')
end() {
  [ -z "$ran" ] || systemctl start --no-block $ran
  rm -rf "$work"
}
trap end EXIT
trap 'exit 1' HUP INT TERM PIPE
mkdir "$work" && mkfifo "$work/pipe" || exit 1
printf 'backup of %s since %s\n' "$folder" "$(date -u +'%F %T UTC')" >owner
[ "$#" = 0 ] || systemctl stop "$@" || exit 1
sync -f "$folder"
sha256sum <"$work/pipe" >"$work/sum" &
{
  tar --create --directory="$folder" --numeric-owner --xattrs --acls --exclude=./lost+found --exclude=./.provisioner-restore . ||
    touch "$work/failed"
} | tee "$work/pipe" || exit 1
wait "$!"
[ ! -e "$work/failed" ] || exit 1
printf 'digest %s\n' "$(cut -d' ' -f1 "$work/sum")" >&2
