# Folders, and the keys that this host makes for itself. The private halves never leave it.
mkdir -p /etc/provisioner/disks "$state/store" "$state/generations" "$state/records" "$state/files"
mkdir -p -m 755 /etc/containers/systemd
chmod 700 /etc/provisioner
[ -s /etc/provisioner/names.key ] || {
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >/etc/provisioner/names.key.new
  mv /etc/provisioner/names.key.new /etc/provisioner/names.key
}
if command -v wg >/dev/null; then
  [ -s /etc/provisioner/overlay.key ] || {
    wg genkey >/etc/provisioner/overlay.key.new
    mv /etc/provisioner/overlay.key.new /etc/provisioner/overlay.key
  }
  printf 'overlay-key %s\n' "$(wg pubkey </etc/provisioner/overlay.key)"
fi
printf 'init %s\n' "$(cat /proc/1/comm)"
printf 'podman %s\n' "$(podman version --format '{{.Client.Version}}' 2>/dev/null)"
printf 'systemd %s\n' "$(systemctl --version 2>/dev/null | sed -n '1s/^systemd \([0-9]*\).*/\1/p')"
for quadlet in /usr/libexec/podman/quadlet /usr/lib/podman/quadlet; do
  [ ! -x "$quadlet" ] || printf 'quadlet %s\n' "$quadlet"
done
printf 'kernel %s\n' "$(uname -r)"
printf 'architecture %s\n' "$(uname -m)"
printf 'cpus %s\n' "$(nproc)"
printf 'memory-kib %s\n' "$(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo)"
