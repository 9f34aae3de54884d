#!/usr/bin/env bash
# Prepares a running InfluxDB 1.x for Trame: an administrator, the database with its retention policies, and the
# dashboard's own account. May be run again: what is there stays.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: setup.sh [options]

  --url URL       InfluxDB (http://127.0.0.1:8086)
  --secrets DIR   passwords of the accounts admin and trame, made when missing (/etc/trame/secrets)
  --help          this text

Exit: 0 done, 1 failed, 2 wrong usage.
TEXT
}

fail() {
  echo "setup.sh: $1" >&2
  exit "${2:-1}"
}

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
url=http://127.0.0.1:8086
secrets=/etc/trame/secrets
while [ $# -gt 0 ]; do
  case "$1" in
    --help) usage; exit 0 ;;
    --url | --secrets)
      [ $# -ge 2 ] || fail "$1 wants a value" 2
      if [ "$1" = --url ]; then url="$2"; else secrets="$2"; fi
      shift 2
      ;;
    *) fail "unknown option $1 (see --help)" 2 ;;
  esac
done

umask 077
mkdir -p "$secrets"
for account in admin trame; do
  file="$secrets/influx-$account"
  [ -s "$file" ] || head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$file"
done

# Passwords and statements go to curl through its standard input, never on a command line.
ask() {
  local answer
  answer="$(
    printf 'url = "%s/query"\nuser = "admin:%s"\ndata-urlencode = "q=%s"\nsilent\nshow-error\n' \
      "$url" "$(cat "$secrets/influx-admin")" "$(printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g')" |
      curl --config -
  )" || fail "InfluxDB does not answer at $url"
  case "$answer" in
    *'"error":"user already exists"'*) ;;
    *'"error"'*) fail "$answer" ;;
  esac
}

ask "CREATE USER \"admin\" WITH PASSWORD '$(cat "$secrets/influx-admin")' WITH ALL PRIVILEGES"
while read -r statement; do
  [ -z "$statement" ] || ask "$statement"
done <"$here/setup.influxql"
ask "CREATE USER \"trame\" WITH PASSWORD '$(cat "$secrets/influx-trame")'"
ask 'GRANT ALL ON "trame" TO "trame"'

if [ "$(id -u)" -eq 0 ] && getent group trame >/dev/null; then
  chgrp trame "$secrets" "$secrets/influx-trame"
  chmod 0750 "$secrets"
  chmod 0640 "$secrets/influx-trame"
fi
echo "InfluxDB is ready: database trame, account trame, password in $secrets/influx-trame"
echo "Now set auth-enabled = true below [http] in /etc/influxdb/influxdb.conf and restart it."
