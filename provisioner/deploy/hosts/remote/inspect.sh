# What lies and runs on this host, a word at the start of each line telling what it is. Changes nothing.
cd "$state" 2>/dev/null || exit 0
[ ! -s /etc/provisioner/names.key ] || printf 'key %s\n' "$(cat /etc/provisioner/names.key)"
podman ps -a --filter label=provisioner.workload --format json >inspect.containers.$$ 2>/dev/null &
podman secret ls --filter name='^provisioner\.' --format '{{.Name}} {{.ID}}' >inspect.secrets.$$ 2>/dev/null &
[ ! -f journal ] || printf 'journal %s\n' "$(cat journal)"
flock -n lock true 2>/dev/null || printf 'held %s\n' "$(cat owner 2>/dev/null)"
current=$(readlink current 2>/dev/null) && {
  printf 'current %s\n' "${current##*/}"
  printf 'digest %s\n' "$(cat "$current/digest")"
}
ls store | sed 's/^/store /'
[ ! -f installed ] || while read -r _ mode kind service path; do
  [ -f "$path" ] || continue
  set -- $(sha256sum <"$path")
  printf 'path %s %s %s %s %s\n' "$1" "$(stat -c %a "$path")" "$kind" "$service" "$path"
done <installed
services=$(cut -d' ' -f2 "$current/steps" 2>/dev/null | sort -u)
[ -z "$services" ] || systemctl show -p Id -p ActiveState -p SubState -p NRestarts -p Result $services |
  awk -F= '$1=="Id"{id=$2} $1=="ActiveState"{a=$2} $1=="SubState"{s=$2} $1=="NRestarts"{n=$2} $1=="Result"{r=$2}
    $0==""{print "service", id, a, s, n+0, r} END{print "service", id, a, s, n+0, r}'
wait
# Podman gives a secret another id whenever it is made, so no value needs to be read to see that it is not ours any more.
while read -r name id; do
  [ "$(cat "secrets/$name" 2>/dev/null)" = "$id" ] && printf 'secret %s\n' "$name" || printf 'replaced %s\n' "$name"
done <inspect.secrets.$$
printf 'containers '
tr -d '\n' <inspect.containers.$$
echo
rm -f inspect.containers.$$ inspect.secrets.$$
