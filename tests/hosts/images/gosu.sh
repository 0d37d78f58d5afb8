#!/bin/sh
# What packages rely on of the program `gosu`: another user, then the command in place of this process.
set -eu

user=$1
shift
exec setpriv --reuid="$user" --regid="$user" --init-groups "$@"
