#!/usr/bin/env bash
# Installs the broker's configuration with one account for the dashboard and one for each line. Run it again to add a
# line: accounts that are there keep their passwords.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: install.sh --site SITE --line LINE [--line LINE …] [options]

  --site SITE     name of the site, as in line.yaml
  --line LINE     name of a line, as in line.yaml; repeat it for each line of the site
  --etc DIR       configuration (/etc/mosquitto/trame)
  --state DIR     what the broker keeps (/var/lib/mosquitto/trame)
  --secrets DIR   one file with the password of each account (/etc/trame/secrets)
  --port PORT     loopback port (1883)
  --root DIR      write everything below DIR, for a container or another PC; what is written names the plain paths
  --help          this text

Exit: 0 installed, 1 failed, 2 wrong usage.
TEXT
}

fail() {
  echo "install.sh: $1" >&2
  exit "${2:-1}"
}

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
etc=/etc/mosquitto/trame
state=/var/lib/mosquitto/trame
secrets=/etc/trame/secrets
port=1883
root=
site=
lines=()

while [ $# -gt 0 ]; do
  case "$1" in
    --help) usage; exit 0 ;;
    --site | --line | --etc | --state | --secrets | --port | --root)
      [ $# -ge 2 ] || fail "$1 wants a value" 2
      case "$1" in
        --site) site="$2" ;;
        --line) lines+=("$2") ;;
        --etc) etc="$2" ;;
        --state) state="$2" ;;
        --secrets) secrets="$2" ;;
        --port) port="$2" ;;
        --root) root="$2" ;;
      esac
      shift 2
      ;;
    *) fail "unknown option $1 (see --help)" 2 ;;
  esac
done

# One level of a topic, one word of a configuration file, nothing else.
name='^[A-Za-z0-9][A-Za-z0-9._~-]{0,62}$'
[[ "$site" =~ $name ]] || fail "--site «$site»: expected letters, digits, . _ ~ -" 2
[ "${#lines[@]}" -gt 0 ] || fail "--line is missing" 2
for line in "${lines[@]}"; do
  [[ "$line" =~ $name ]] || fail "--line «$line»: expected letters, digits, . _ ~ -" 2
done
[[ "$port" =~ ^[0-9]{1,5}$ ]] || fail "--port «$port»: expected a number" 2
for folder in "$etc" "$state" "$secrets"; do
  [[ "$folder" =~ ^/[A-Za-z0-9._/-]+$ ]] || fail "«$folder»: expected an absolute path without blanks" 2
done
command -v mosquitto_passwd >/dev/null || fail "mosquitto_passwd is missing: apt-get install mosquitto"

umask 077
etc_written="$root$etc"
state_written="$root$state"
secrets_written="$root$secrets"
mkdir -p "$etc_written/conf.d" "$state_written" "$secrets_written"

# Lines of an earlier run stay.
if [ -f "$etc_written/acl" ]; then
  while read -r known; do
    [[ " ${lines[*]} " == *" $known "* ]] || lines+=("$known")
  done < <(sed -n 's/^user edge-//p' "$etc_written/acl")
fi

sed -e "s|/etc/mosquitto/trame|$etc|g" \
  -e "s|/var/lib/mosquitto/trame|$state|g" \
  -e "s|^listener 1883 |listener $port |" \
  "$here/mosquitto.conf" >"$etc_written/mosquitto.conf"

{
  sed -e '/^# line tri-1$/,$d' "$here/acl"
  separator=
  for line in "${lines[@]}"; do
    printf '%s' "$separator"
    sed -n -e '/^# line tri-1$/,$p' "$here/acl" | sed -e "s|tri-1|$line|g"
    separator=$'\n'
  done
} | sed -e "s|caux-vallee-de-seine|$site|g" >"$etc_written/acl.new"
mv "$etc_written/acl.new" "$etc_written/acl"

touch "$etc_written/passwords"
add_account() {
  local account="$1" file="$secrets_written/mqtt-$1"
  if [ ! -s "$file" ]; then
    head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$file"
  fi
  # The plain password goes in by a file that mosquitto_passwd turns into hashes, never by a command line.
  if ! grep -q "^$account:" "$etc_written/passwords"; then
    printf '%s:%s\n' "$account" "$(cat "$file")" >"$etc_written/passwords.new"
    mosquitto_passwd -U "$etc_written/passwords.new"
    cat "$etc_written/passwords.new" >>"$etc_written/passwords"
    rm "$etc_written/passwords.new"
  fi
}
add_account dashboard
for line in "${lines[@]}"; do add_account "edge-$line"; done

# The broker runs as its own user, the programs as theirs.
if [ "$(id -u)" -eq 0 ] && [ -z "$root" ]; then
  if getent passwd mosquitto >/dev/null; then chown -R mosquitto: "$etc" "$state"; fi
  if getent group trame >/dev/null; then
    chgrp -R trame "$secrets"
    chmod 0750 "$secrets"
    chmod 0640 "$secrets"/mqtt-*
  fi
fi

echo "Broker configuration: $etc_written/mosquitto.conf"
echo "Passwords: $secrets_written/mqtt-dashboard$(printf " $secrets_written/mqtt-edge-%s" "${lines[@]}")"
