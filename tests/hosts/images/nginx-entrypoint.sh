#!/bin/sh
# What packages rely on in the image `nginx`: scripts of /docker-entrypoint.d and templates of /etc/nginx/templates come first.
set -eu

if [ "$1" = nginx ]; then
  for script in /docker-entrypoint.d/*.sh; do
    [ ! -x "$script" ] || "$script"
  done
  for template in /etc/nginx/templates/*.template; do
    [ ! -e "$template" ] || envsubst "$(env | sed 's/=.*//; s/^/$/')" < "$template" > "/etc/nginx/conf.d/$(basename "$template" .template)"
  done
fi
exec "$@"
