#!/bin/sh
# Installs the servers and the emulator that tests start, where Debian's packages and root make
# that possible. What is missing then makes its tests skip, each with a line
# that says so; with CI set it makes them fail.
set -eu
missing=
command -v mariadbd >/dev/null 2>&1 || missing="$missing mariadb-server"
if ! command -v postgres >/dev/null 2>&1 && ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
  missing="$missing postgresql"
fi
command -v qemu-aarch64 >/dev/null 2>&1 || missing="$missing qemu-user"
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
