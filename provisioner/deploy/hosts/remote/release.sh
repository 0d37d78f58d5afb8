# Gives a machine back that was there before: its bundle, keys, images and folders go; packages and data stay.
host=$1
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
exec 8>>/run/provisioner-adoption.lock
flock -w 120 8 || { echo "somebody else is adopting this machine" >&2; exit 75; }
was=$(cat /etc/provisioner/owner 2>/dev/null)
[ "${was##* }" = "$host" ] || exit 0
[ ! -e "$state/installed" ] || { echo "its bundle is still there" >&2; exit 1; }
[ ! -f "$state/images.left" ] || sort -u "$state/images.left" | while read -r image; do
  grep -q -x -F -e "$image" /etc/provisioner/images.before 2>/dev/null || podman image rm "$image" >/dev/null 2>&1
done
for volume in $(podman volume ls -q --filter label=provisioner.workload 2>/dev/null); do echo "kept the volume $volume"; done
rm -rf "$state" /etc/provisioner
rmdir /etc/containers/systemd 2>/dev/null
find /var/lib/monkd -depth -type d -empty -delete 2>/dev/null
[ ! -d /var/lib/monkd ] || echo "kept what is in /var/lib/monkd"
exit 0
