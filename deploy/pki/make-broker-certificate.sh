#!/usr/bin/env bash
# Makes the site's own certificate authority, once, and a certificate for the broker with it.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: make-broker-certificate.sh --host NAME-OR-ADDRESS [--host …] [--dir DIR]

  --host H   how edges on other PCs call the broker: broker.site.lan, 10.0.0.2; repeat it for each
  --dir DIR  where the files go (/etc/mosquitto/trame/certs)
  --help     this text

Keep ca.key away from the PC: who has it can pretend to be the broker. Edges get ca.crt (caFile in line.yaml).
Exit: 0 made, 1 failed, 2 wrong usage.
TEXT
}

fail() {
  echo "make-broker-certificate.sh: $1" >&2
  exit "${2:-1}"
}

dir=/etc/mosquitto/trame/certs
names=()
while [ $# -gt 0 ]; do
  case "$1" in
    --help) usage; exit 0 ;;
    --host | --dir)
      [ $# -ge 2 ] || fail "$1 wants a value" 2
      if [ "$1" = --dir ]; then
        dir="$2"
      elif [[ "$2" =~ ^[0-9.]+$ || "$2" == *:* ]]; then
        names+=("IP:$2")
      else
        names+=("DNS:$2")
      fi
      shift 2
      ;;
    *) fail "unknown option $1 (see --help)" 2 ;;
  esac
done
[ "${#names[@]}" -gt 0 ] || fail '--host is missing' 2

umask 077
mkdir -p "$dir"
cd "$dir"
if [ ! -s ca.crt ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7300 \
    -subj '/CN=Trame site authority' -keyout ca.key -out ca.crt 2>/dev/null
fi
[ -s ca.key ] || fail "ca.key is not here: bring it back for as long as this takes"

# Two years, as far as the clients of today go.
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=Trame broker' \
  -keyout broker.key -out broker.csr 2>/dev/null
alternatives="$(IFS=,; echo "${names[*]}")"
openssl x509 -req -in broker.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 730 -out broker.crt \
  -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$alternatives") 2>/dev/null
rm broker.csr
chmod 0644 ca.crt broker.crt
if [ "$(id -u)" -eq 0 ] && getent passwd mosquitto >/dev/null; then chown mosquitto: . broker.key broker.crt ca.crt; fi
echo "Certificate of the broker: $dir/broker.crt, until $(openssl x509 -enddate -noout -in broker.crt | cut -d= -f2)"
echo "For the edges: $dir/ca.crt"
