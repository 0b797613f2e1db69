#!/bin/sh
# Installs the servers and the emulator that tests start, or the programs that it
# is given, each as COMMAND=PACKAGE, where Debian's packages and root make that
# possible. What is missing then makes its tests skip, each with a line that says
# so; with CI set it makes them fail.
set -eu
[ $# -gt 0 ] || set -- mariadbd=mariadb-server postgres=postgresql qemu-aarch64=qemu-user
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' :)
missing=
for program; do
  command -v "${program%%=*}" >/dev/null 2>&1 || missing="$missing ${program#*=}"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "skipped: installing$missing needs root and apt-get" >&2
  [ -z "${CI:-}" ]
  exit
fi
# Run level 1 keeps the packages from starting services of their own.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing
