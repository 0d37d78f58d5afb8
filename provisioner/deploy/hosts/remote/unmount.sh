# Lets go of a volume's disk, so that it may be taken away: what uses it stops in order, then it is unmounted.
volume=$1 patience=$2
cd "$state" 2>/dev/null || exit 0
exec 9>>lock
flock -w "$patience" 9 || { printf 'held %s\n' "$(cat owner)"; exit 75; }
where=$(sed -n 's/^MOUNT=//p' "/etc/provisioner/disks/$volume" 2>/dev/null)
[ -n "$where" ] || exit 0
systemctl stop "provisioner-disk@$volume.service" 2>/dev/null
rm -f "records/provisioner-disk@$volume.service"
! mountpoint -q "$where" || umount "$where"
