#!/bin/sh
# Mounts the disk of a volume, and formats it first if, and only if, it is blank.
# /etc/provisioner/disks/VOLUME holds two lines: DEVICE=/dev/disk/by-id/… and MOUNT=/where/it/goes
# On machines that were there before, DEVICE may be a folder; and what we did not format, or mark, is somebody else's.
set -eu

volume=$1
DEVICE= MOUNT=
. "/etc/provisioner/disks/$volume"
[ -n "$DEVICE" ] && [ -n "$MOUNT" ] || { echo "$volume: DEVICE and MOUNT are not set" >&2; exit 1; }

case $DEVICE in
  /dev/*) ;;
  *)
    mark=$DEVICE/.provisioner-volume
    if [ ! -e "$mark" ]; then
      mkdir -p "$DEVICE/data"
      if [ -n "$(ls -A "$DEVICE" | grep -v -x data)" ] || [ -n "$(ls -A "$DEVICE/data")" ]; then
        echo "$volume: $DEVICE holds data that is not ours; to hand over what is in $DEVICE/data: touch $mark" >&2
        exit 1
      fi
      touch "$mark"
    fi
    mkdir -p "$DEVICE/data" "$MOUNT"
    mountpoint -q "$MOUNT" || mount --bind "$DEVICE/data" "$MOUNT"
    exit 0
    ;;
esac

waited=0
until [ -e "$DEVICE" ]; do
  [ "$waited" -lt 120 ] || { echo "$volume: no device $DEVICE after $waited seconds" >&2; exit 1; }
  sleep 1
  waited=$((waited + 1))
done
device=$(readlink -f "$DEVICE")

# Blank means: no signature that blkid knows (status 2), and nothing but zeros at the start. Anything else is somebody's data.
status=0
type=$(blkid -p -s TYPE -o value "$device") || status=$?
if [ "$status" -eq 2 ] && cmp -s -n 1048576 "$device" /dev/zero; then
  mkfs.ext4 -q -m 0 -L provisioner "$device"
elif [ "$type" != ext4 ]; then
  echo "$volume: $device holds ${type:-data without a file system}, which is not ours to format" >&2
  exit 1
elif [ -s /etc/provisioner/owner ] && [ "$(e2label "$device")" != provisioner ]; then
  echo "$volume: $device holds a file system that is not ours; to hand it over: e2label $device provisioner" >&2
  exit 1
fi

mkdir -p "$MOUNT"
mountpoint -q "$MOUNT" || mount -t ext4 -o noatime "$device" "$MOUNT"
resize2fs "$device" >/dev/null 2>&1 || echo "$volume: could not grow the file system to the disk" >&2
