#!/bin/sh
# The WireGuard interface to the other hosts.
#   run     make it, load its configuration, and stay until it is to go away
#   load    take over a changed configuration; tunnels that stay are not touched
#   remove  take it away
set -eu

device=provisioner-wg
folder=/etc/provisioner

load() {
  # The private key goes through a pipe, never through arguments.
  { echo '[Interface]'; printf 'PrivateKey = '; cat "$folder/overlay.key"; cat "$folder/overlay.conf"; } |
    wg syncconf "$device" /dev/stdin

  ip link set "$device" mtu "$(mtu)" up
  wanted=$(sed -n 's/^AllowedIPs = //p' "$folder/overlay.conf")
  for range in $wanted; do
    ip route replace "$range" dev "$device"
  done
  for range in $(ip -4 route show dev "$device" | cut -d' ' -f1); do
    case " $(echo $wanted) " in
      *" $range "*) ;;
      *) ip route delete "$range" dev "$device" ;;
    esac
  done
}

# What the way out carries, less the 80 bytes that WireGuard adds.
mtu() {
  out=$(ip -4 route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
  bytes=$(cat "/sys/class/net/${out:-none}/mtu" 2>/dev/null || echo 1500)
  echo $((bytes - 80))
}

remove() {
  ip link delete "$device" 2>/dev/null || true
}

case $1 in
  run)
    remove
    echo 1 >/proc/sys/net/ipv4/ip_forward
    if ip link add "$device" type wireguard 2>/dev/null; then
      load
      systemd-notify --ready
      exec sleep infinity
    fi
    wireguard-go -f "$device" &
    until [ -S "/var/run/wireguard/$device.sock" ]; do
      kill -0 $! || exit 1
      sleep 0.05
    done
    load
    systemd-notify --ready
    wait $!
    ;;
  load) load ;;
  remove) remove ;;
  *) echo "expected run, load or remove, found $1" >&2; exit 2 ;;
esac
