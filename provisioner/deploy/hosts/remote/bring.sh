# Brings a staged generation in place of the one that serves, and that one back where the new one does not get ready.
goal=$1 patience=$2 owner=$3
cd "$state" || exit 70
trap '' HUP PIPE
mkdir -p scratch

say() {
  printf '%s\n' "$*" >>log
  printf '%s\n' "$*" 2>/dev/null || :
}
note() { printf '%s\n' "$*" >journal.new && sync journal.new && mv journal.new journal; }
manifest() { [ -z "$1" ] || cat "generations/$1/manifest"; }

# One update at a time. The lock ends with this process, whatever ends it.
exec 9>>lock
flock -w "$patience" 9 || { printf 'held %s\n' "$(cat owner)"; exit 75; }
: >log
say "goal $goal"
printf '%s\n' "$owner" >owner
printf '%s\n' "$$" >pid
cancelled= undoing=
trap 'cancelled=yes' TERM INT
trap 'rm -f pid' EXIT

# Forgets how a service was started whose files somebody else changed, so that it starts anew.
spot() {
  touch installed && : >scratch/unchanged
  while read -r sha mode kind service path; do
    cmp -s "store/$sha" "$path" && printf '%s\n' "$path" >>scratch/unchanged
  done <installed
  while read -r sha mode kind service path; do
    grep -q -F -x -e "$path" scratch/unchanged || rm -f "records/$service"
  done <installed
  for name in $(podman ps --filter label=provisioner.workload --filter health=unhealthy --format '{{.Names}}'); do
    rm -f "records/$name.service"
  done
}

# Puts the files of a generation in place, and takes away what is not of it. What will lie here is noted before it does.
put() {
  manifest "$1" >scratch/manifest.goal && cat installed scratch/manifest.goal | sort -u >installed.new && mv installed.new installed || return 1
  leave || return 1
  while read -r sha mode kind service path; do
    cmp -s "store/$sha" "$path" && [ "$(stat -c %a "$path")" = "$mode" ] && continue
    mkdir -p "${path%/*}" && cp "store/$sha" "$path.provisioner" && chmod "$mode" "$path.provisioner" &&
      mv -f "$path.provisioner" "$path" || { say "failed - cannot write $path"; return 1; }
  done <scratch/manifest.goal
  systemctl daemon-reload
}

# Stops and removes what is installed and not of the goal.
leave() {
  awk '{path = $0; sub(/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ /, "", path)} FILENAME == ARGV[1] {keep[path] = 1; serve[$4] = 1; next}
    !(path in keep) {print (($4 in serve) ? "-" : $4), $1, path}' scratch/manifest.goal installed >scratch/leaving
  [ -s scratch/leaving ] || return 0
  services=$(cut -d' ' -f1 scratch/leaving | grep -v -x -e - | sort -u)
  for service in $services; do say "stopping $service"; done
  [ -z "$services" ] || systemctl stop $services 2>/dev/null
  while read -r service sha path; do
    case $path in
      /etc/containers/systemd/*.network) podman network rm -f "$(sed -n 's/^NetworkName=//p' "store/$sha")" >/dev/null 2>&1 ;;
      /etc/systemd/system/*.service) systemctl disable -q "${path##*/}" 2>/dev/null ;;
      /etc/provisioner/slots/*/*.rules) rm -f "/etc/provisioner/slots/$(basename "$path" .rules).nft" ;;
    esac
    rm -f "$path" "records/$service"
  done <scratch/leaving
}

# Starts, in order, what does not run as the generation says.
start() {
  fresh=
  [ -n "$1" ] || return 0
  while read -r kind service fingerprint seconds label more <&3; do
    [ -z "$cancelled" ] || { say "failed - cancelled"; return 1; }
    "turn_$kind" || return 1
  done 3<"generations/$1/steps"
  settle
}

runs_as_wanted() { [ "$(cat "records/$1" 2>/dev/null)" = "$2" ] && systemctl is-active -q "$1"; }

turn_container() {
  runs_as_wanted "$service" "$fingerprint" && return 0
  say "starting $label"
  rm -f "$(check_record)"
  turn "$service" start || return 1
  case $more$undoing in up*|askedyes) fresh="$fresh $service" ;; asked) return 0 ;; esac
  say "ready $label"
}

check_record() { printf 'records/check.%s' "$(printf %s "${label%/*}" | tr / +)"; }

# A check that the language alone decides: who updates reads that it is asked, and leaves the verdict here. A generation that
# comes back has held before, and nobody may be there any more: it counts as ready once it stays up.
turn_check() {
  record=$(check_record)
  [ "$(cat "$record" 2>/dev/null)" != "$fingerprint" ] && [ -z "$undoing" ] || return 0
  rm -f "$record" scratch/verdict
  say "asking $label"
  deadline=$(($(date +%s) + seconds))
  until [ -f scratch/verdict ] || [ -n "$cancelled" ] || [ "$(date +%s)" -ge "$deadline" ]; do
    sleep 0.2 &
    wait "$!"
  done
  [ -z "$cancelled" ] || { say "failed $label cancelled"; return 1; }
  case $(cat scratch/verdict 2>/dev/null) in
    ready) say "ready $label"; printf '%s\n' "$fingerprint" >"$record"; return 0 ;;
    "") say "failed $label was not ready: nobody decided its check within $seconds seconds" ;;
    *) say "failed $label was not ready: its check did not hold" ;;
  esac
  last_lines "$service" "_SYSTEMD_INVOCATION_ID=$(systemctl show -p InvocationID --value "$service")"
  return 1
}

# The next version starts beside the one that serves; then new connections are led to it, and the former ends when its
# connections have, or after `drain` seconds.
turn_slots() {
  set -- $more
  drain=$1 first=$2 first_service=$3 first_rules=$4 second=$5 second_service=$6 second_rules=$7
  link=/etc/provisioner/slots/$(basename "$first_rules" .rules).nft
  serving=$(readlink "$link" 2>/dev/null)
  case ${serving%/*} in
    "$first") now=$first_service now_rules=$first_rules next=$second next_service=$second_service next_rules=$second_rules ;;
    "$second") now=$second_service now_rules=$second_rules next=$first next_service=$first_service next_rules=$first_rules ;;
    *) now='' next=$first next_service=$first_service next_rules=$first_rules ;;
  esac
  [ -z "$now" ] || ! runs_as_wanted "$now" "$fingerprint" || return 0
  say "starting $label"
  turn "$next_service" start || return 1
  ln -sfn "$next/${next_rules##*/}" "$link.new" && mv -T "$link.new" "$link" && nft -f "$next_rules" ||
    { say "failed $label cannot be led to its new slot"; return 1; }
  say "ready $label"
  [ -n "$now" ] || return 0
  address=$(sed -n 's/.* ip daddr [0-9.]* dnat ip to \([0-9.]*\).*/\1/p' "$now_rules")
  until [ "$drain" -le 0 ] || ! conntrack -L -p tcp --state ESTABLISHED --reply-src "$address" 2>/dev/null | grep -q .; do
    sleep 1
    drain=$((drain - 1))
  done
  rm -f "records/$now"
  systemctl stop "$now"
}

turn_disk() { runs_as_wanted "$service" "$fingerprint" || turn "$service" start; }

# A network cannot change while containers are on it.
turn_network() {
  runs_as_wanted "$service" "$fingerprint" && return 0
  if podman network exists "$label"; then
    containers=$(awk '$3 == "unit" && $5 ~ /[.]container$/ {print $4}' installed)
    [ -z "$containers" ] || systemctl stop $containers 2>/dev/null
    podman network rm -f "$label" >/dev/null
  fi
  turn "$service" start
}

# `more` is the fingerprint of what the service reads: where only that changed, it is reloaded.
turn_service() {
  runs_as_wanted "$service" "$fingerprint.$more" && return 0
  systemctl enable -q "$service" 2>/dev/null
  case $(cat "records/$service" 2>/dev/null) in
    "$fingerprint."*) how=reload-or-restart ;;
    *) how=start ;;
  esac
  fingerprint=$fingerprint.$more
  turn "$service" "$how"
}

# Starts a service anew and waits; what required it is stopped with it and has a step of its own. Past its time, and GRACE
# for its end in order, its processes are killed.
GRACE=10
turn() {
  rm -f "records/$1"
  began=$(date +%s)
  [ "$2" != start ] || systemctl stop "$1" 2>/dev/null
  [ -z "$cancelled" ] || { say "failed - cancelled"; return 1; }
  systemctl reset-failed "$1" 2>/dev/null
  timeout "$((seconds + GRACE))" systemctl "$2" "$1" >/dev/null 2>&1 &
  wait "$!" || { blame "$1"; return 1; }
  hooked "$1" || [ -n "$undoing" ] || { blame "$1" "failed in its hook container-started"; return 1; }
  printf '%s\n' "$fingerprint" >"records/$1"
}

# The hook that works beside a container's start, in a service of its own: the update waits for its end.
hooked() {
  hook=${1%.service}_started.service
  [ -f "/etc/systemd/system/$hook" ] || return 0
  while [ "$(systemctl show -p ActiveState --value "$hook")" = activating ] && [ -z "$cancelled" ]; do
    sleep 0.2 &
    wait "$!"
  done
  [ "$(systemctl show -p Result --value "$hook")" = success ] || [ -n "$cancelled" ]
}

# Lines that Podman and its monitor write among those of a container.
podmans_own='^[0-9-]+ [0-9:.]+ [+-][0-9]+ [A-Z]+ m=|^conmon [0-9a-f]+ <n|^[0-9a-f]{64}$'

# What a container wrote may hold secrets: it is told and not kept.
last_lines() {
  unit=$1
  shift
  journalctl "_SYSTEMD_UNIT=$unit" "$@" -o cat --no-pager 2>/dev/null | grep -v -E "$podmans_own" | tail -n 15 |
    sed 's/^/log /' 2>/dev/null
}

blame() {
  if [ -n "$cancelled" ]; then
    systemctl stop --no-block "$1"
    say "failed $label cancelled"
    return
  fi
  case $(systemctl show -p SubState -p Result --value "$1" | tr '\n' ' ') in
    *stop* | *timeout*) why="was not ready within $seconds seconds" ;;
    *start-limit-hit* | *success* | *resources*) why="did not start" ;;
    *) why="ended with status $(systemctl show -p ExecMainStatus --value "$1")" ;;
  esac
  say "failed $label ${2:-$why}"
  last_lines "$1" --since "@$began"
  systemctl is-failed -q "${1%.service}_started.service" && last_lines "${1%.service}_started.service" --since "@$began"
  systemctl kill --signal=KILL "$1" 2>/dev/null
  systemctl stop "$1" 2>/dev/null
}

# A container without a health check counts as up when it still runs a moment after all have started.
settle() {
  if [ -n "$fresh" ]; then
    sleep 2 &
    wait "$!"
  fi
  [ -z "$cancelled" ] || { say "failed - cancelled"; return 1; }
  for service in $fresh; do
    systemctl is-active -q "$service" && [ "$(systemctl show -p NRestarts --value "$service")" = 0 ] && continue
    label=$(sed -n "s/^container $service [^ ]* [^ ]* \([^ ]*\).*/\1/p" "generations/$current_put/steps")
    rm -f "records/$service"
    blame "$service" "does not stay up"
    return 1
  done
}

# Keeps this generation and the two before it with all they need; the rest goes.
clean() {
  kept=$(ls -t generations | awk -v goal="$goal" -v previous="$previous" '$0 == goal || $0 == previous || n++ < 2')
  for name in $(ls generations); do
    printf '%s\n' "$kept" | grep -q -x "$name" && continue
    cat "generations/$name/images" >>scratch/images.old
    rm -rf "generations/$name"
  done
  cat generations/*/manifest | cut -d' ' -f1 | sort -u >scratch/store.kept
  ls store | sort | comm -23 - scratch/store.kept | while read -r sha; do rm -f "store/$sha"; done
  sort -u generations/*/secrets >scratch/secrets.kept
  podman secret ls --filter name='^provisioner\.' --format '{{.Name}}' | sort | comm -23 - scratch/secrets.kept |
    while read -r name; do podman secret rm "$name" >/dev/null; rm -f "secrets/$name"; done
  [ -f scratch/images.old ] || return 0
  sort -u generations/*/images >scratch/images.kept
  sort -u scratch/images.old | comm -23 - scratch/images.kept | while read -r image; do podman image rm "$image" >/dev/null 2>&1; done
  rm -f scratch/images.old
}

bring() {
  current_put=$1
  put "$1" && start "$1"
}

settled() {
  if [ -n "$1" ]; then ln -sfn "generations/$1" current.new && mv -T current.new current; else rm -f current; fi
  manifest "$1" >installed.new && mv installed.new installed
  note "healthy $1"
}

for name in $(cat "generations/$goal/secrets"); do
  podman secret exists "$name" || { say "failed - the secret $name is not on the host"; exit 1; }
done
previous=$(readlink current 2>/dev/null)
previous=${previous##*/}
spot
note "switching $goal $owner" || { say "failed - cannot write the journal"; exit 1; }
if bring "$goal"; then
  settled "$goal"
  clean
  say "done"
  exit 0
fi
cancelled= undoing=yes
note "undoing $goal $owner"
if bring "$previous"; then
  settled "$previous"
  say "restored $previous"
else
  note "broken $goal $owner"
  say "broken"
fi
exit 1
