# Puts what a tar archive on its input holds in place of what lies in a folder. Nothing is touched before all of it has arrived
# and is what its digest says; what lay there is kept until the services that use it run again, and comes back where they do not.
folder=$1 digest=$2 overwrite=$3
shift 3
work=$folder/.provisioner-restore
cd "$state" || exit 70
exec 9>>lock
flock -n 9 || { printf 'held %s\n' "$(cat owner)" >&2; exit 75; }
trap '' HUP PIPE
[ -d "$folder" ] || { echo "$folder is not there" >&2; exit 1; }
printf 'restore of %s since %s\n' "$folder" "$(date -u +'%F %T UTC')" >owner

entries() { find "$1" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name .provisioner-restore; }
move() { entries "$1" | while read -r entry; do mv -n "$entry" "$2/" || exit 1; done && [ -z "$(entries "$1")" ]; }
note() { printf '%s\n' "$1" >"$work/phase.new" && mv "$work/phase.new" "$work/phase" && sync -f "$folder"; }

# Nobody may start on half of the one and half of the other, a boot in between neither.
hold() {
  for service in "$@"; do ln -sfn /dev/null "/etc/systemd/system/$service"; done
  systemctl daemon-reload
}
release() {
  for service in "$@"; do rm -f "/etc/systemd/system/$service"; done
  systemctl daemon-reload
}

# Each phase moves whole entries, so that it can be taken up where it stopped.
swap() {
  case $(cat "$work/phase") in
    out) move "$folder" "$work/old" && note in || return 1 ;;
  esac
  case $(cat "$work/phase") in
    in) move "$work/new" "$folder" && note whole || return 1 ;;
  esac
}
back() {
  note back-out && move "$folder" "$work/new" && note back-in && move "$work/old" "$folder" && note taken-back
}
start() { for service in "$@"; do systemctl start "$service" || return 1; done; }
stop() { [ "$#" = 0 ] || systemctl stop "$@"; }
# What required the services stopped with them.
others() { [ -z "$ran" ] || systemctl start --no-block $ran; }
ran=$(podman ps --filter label=provisioner.workload --format '{{.Names}}.service')

# What a former restore left that was cut off: it is ended first, and this one begins after it.
if [ -e "$work/phase" ]; then
  case $(cat "$work/phase") in
    out | in) swap || exit 1 ;;
    back-out) move "$folder" "$work/new" && note back-in && move "$work/old" "$folder" || exit 1 ;;
    back-in) move "$work/old" "$folder" || exit 1 ;;
  esac
  release "$@"
  [ "$#" = 0 ] || systemctl start --no-block "$@"
  rm -rf "$work"
  echo "ended a restore that had been cut off" >&2
fi
rm -rf "$work"
[ -z "$(entries "$folder")" ] || [ "$overwrite" = yes ] || { echo "holds data" >&2; exit 74; }
mkdir -m 700 "$work" "$work/new" "$work/old" && mkfifo "$work/pipe" || exit 1
sha256sum <"$work/pipe" >"$work/sum" &
tee "$work/pipe" | tar --extract --directory="$work/new" --numeric-owner --same-owner --preserve-permissions --xattrs --acls
status=$?
wait "$!"
found=$(cut -d' ' -f1 "$work/sum")
[ "$status" = 0 ] && [ "$found" = "$digest" ] || {
  rm -rf "$work"
  echo "the archive arrived damaged: expected $digest, found $found; nothing was changed" >&2
  exit 1
}
stop "$@" || exit 1
hold "$@"
note out
chmod --reference="$work/new" "$folder" && chown --reference="$work/new" "$folder"
swap || { echo "what lies in $folder could not be moved: run the restore again" >&2; exit 1; }
release "$@"
if start "$@"; then
  others
  rm -rf "$work"
  exit 0
fi
stop "$@"
hold "$@"
back || { echo "what lay in $folder could not be moved back: run the restore again" >&2; exit 1; }
release "$@"
start "$@" && echo "the containers did not get ready on what was restored: what lay there before is back, and serves" >&2 ||
  echo "the containers get ready neither on what was restored nor on what lay there before, which is back" >&2
others
rm -rf "$work"
exit 1
