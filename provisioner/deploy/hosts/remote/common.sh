set -u
umask 077
state=/var/lib/provisioner
