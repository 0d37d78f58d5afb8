# Makes this machine, which was there before, a host. Arguments: whose it is, which host, whether packages may be installed,
# and PROGRAM=PACKAGE for all that must be there.
owner=$1 host=$2 installs=$3
shift 3
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
exec 8>>/run/provisioner-adoption.lock
flock -w 120 8 || { echo "somebody else is adopting this machine" >&2; exit 75; }
record=/etc/provisioner/owner
was=$(cat "$record" 2>/dev/null)
case $was in
  "$owner "* | "") ;;
  *) echo "it is the host ${was##* } of the stack ${was% *}: destroy that one first, or remove $record" >&2; exit 1 ;;
esac
[ -n "$was" ] || [ ! -e "$state/installed" ] || { echo "it runs a bundle already, and is nobody's that $record names" >&2; exit 1; }

# A kernel with WireGuard of its own needs no program for it.
kernel_has_wireguard() { [ -d /sys/module/wireguard ] || modprobe -q wireguard 2>/dev/null; }
missing=
for pair; do
  command -v "${pair%%=*}" >/dev/null && continue
  [ "${pair%%=*}" = wireguard-go ] && kernel_has_wireguard && continue
  missing="$missing ${pair#*=}"
done
if [ -n "$missing" ]; then
  [ "$installs" = yes ] || { echo "it lacks programs, and its inventory says install: false; apt-get install$missing" >&2; exit 1; }
  command -v apt-get >/dev/null || { echo "it lacks programs, and has no apt-get; what Debian calls them:$missing" >&2; exit 1; }
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  { apt-get -q -o DPkg::Lock::Timeout=120 update; apt-get -q -y -o DPkg::Lock::Timeout=120 install $missing; } >"$log" 2>&1 || {
    { echo "apt-get install$missing failed:"; tail -n 4 "$log"; } >&2
    rm -f "$log"
    exit 1
  }
  rm -f "$log"
  # Its own service would take ports; bundles start one of their own.
  case "$missing " in *" haproxy "*) systemctl disable -q --now haproxy.service 2>/dev/null ;; esac
  echo "installed$missing"
fi
mkdir -p /etc/provisioner "$state" /var/lib/monkd/volumes && chmod 700 /etc/provisioner || exit 1
[ -n "$was" ] || podman image ls --noheading --format '{{.Repository}}:{{.Tag}}' >/etc/provisioner/images.before
printf '%s %s\n' "$owner" "$host" >"$record.new" && mv "$record.new" "$record" || exit 1
[ -n "$was" ] || echo adopted
