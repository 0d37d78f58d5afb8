# Takes the bundle away. Volumes and disks keep what is on them. Whoever makes the machine another host waits for the end.
exec 8>>/run/provisioner-adoption.lock
flock -w "$1" 8 || { printf 'held by an adoption\n'; exit 75; }
cd "$state" 2>/dev/null || exit 0
exec 9>>lock
flock -w "$1" 9 || { printf 'held %s\n' "$(cat owner)"; exit 75; }
# A machine that was there before may be another host of the stack by now.
owner=$(cat /etc/provisioner/owner 2>/dev/null)
[ -z "$owner" ] || [ "${owner##* }" = "$2" ] || exit 0
[ -f installed ] || exit 0
services=$(cut -d' ' -f4 installed | grep -v -x -e - | sort -u)
[ -z "$services" ] || systemctl stop $services 2>/dev/null
for disk in /etc/provisioner/disks/*; do
  [ ! -f "$disk" ] || rmdir "$(sed -n 's/^MOUNT=//p' "$disk")" 2>/dev/null
done
while read -r sha mode kind service path; do
  case $path in
    /etc/containers/systemd/*.network) podman network rm -f "$(sed -n 's/^NetworkName=//p' "$path")" >/dev/null 2>&1 ;;
    /etc/systemd/system/*.service) systemctl disable -q "${path##*/}" 2>/dev/null ;;
  esac
  rm -f "$path"
done <installed
rm -f /etc/provisioner/slots/*.nft
systemctl daemon-reload
[ -z "$services" ] || systemctl reset-failed $services 2>/dev/null
for name in $(podman secret ls --filter name='^provisioner\.' --format '{{.Name}}'); do podman secret rm "$name" >/dev/null; done
[ -z "$owner" ] || sort -u generations/*/images >images.left
rm -rf current journal installed generations/* store/* records/* secrets scratch log owner pid
