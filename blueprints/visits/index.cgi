#!/bin/sh
# One request: count it in the database, and show the number.
printf 'Content-Type: text/plain\r\n\r\n'
answer=$(printf 'AUTH %s\r\nINCR visits\r\nQUIT\r\n' "$DATABASE_PASSWORD" | nc -w 5 "$DATABASE_HOST" "$DATABASE_PORT" | tr -d '\r')
number=$(printf '%s\n' "$answer" | sed -n 's/^:\([0-9][0-9]*\)$/\1/p')
if [ -n "$number" ]; then
  echo "$GREETING, visit number $number"
else
  echo "The database does not answer"
fi
