# Keeps what it reads as a secret, and notes its id, by which the next look at the host knows it. Containers that use a secret
# which somebody replaced may have read the wrong value: how their services were started is forgotten, so that they start anew.
name=$1
mkdir -p "$state/secrets" && cd "$state" || exit 70
podman secret create --replace --label "provisioner.secret=${name##*.}" "$name" - >secrets/new && mv secrets/new "secrets/$name" || exit 1
[ "$2" = replaced ] || exit 0
for unit in $(grep -l -F "$name" /etc/containers/systemd/*.container); do
  service=${unit##*/}
  rm -f "records/${service%.container}.service"
done
