#!/bin/sh
# The two commands of the README on a fresh clone, in a root of its own: Debian
# 12 with Go, Python, a JDK, Maven and make, and nothing else.
#
#   sh golden/newcomer.sh [COMMAND…]    the commands, default "go run . demo" (twice) and "make test"
#
# Modules and packages come from this machine's caches; nothing that is
# compiled does. It needs root, debootstrap and mount namespaces, and says so
# where it hasn't them; with CI set that fails.
set -eu
cd "$(dirname "$0")/.."
sh golden/services/install.sh debootstrap=debootstrap
for tool in debootstrap unshare chroot git; do
  if [ "$(id -u)" != 0 ] || ! command -v "$tool" >/dev/null 2>&1; then
    echo "skipped: a newcomer's root needs root and $tool" >&2
    [ -z "${CI:-}" ]
    exit
  fi
done
[ $# -gt 0 ] || set -- "go run . demo" "go run . demo" "make test"

top=$(mktemp -d)
trap 'rm -rf --one-file-system "$top"' EXIT
root=$top/root
debootstrap --variant=minbase --include=ca-certificates,make,python3,python3-venv,openjdk-17-jdk-headless,maven bookworm "$root" >"$top/debootstrap.log" ||
  { cat "$top/debootstrap.log" >&2; exit 1; }
git clone --quiet . "$root/root/pyfc"

# How this machine reaches the network.
for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
  [ ! -e "$file" ] || cp "$file" "$root$file"
done
# inside makes what is at $1 here visible at $2 there.
inside() {
  [ -d "$1" ] || return 0
  mkdir -p "$root$2"
  echo "mount --bind '$1' '$root$2'" >>"$top/enter"
}
echo "set -eu" >"$top/enter"
echo "mount --bind '$root' '$root'" >>"$top/enter" # containers in it need a root that is a mount point
inside "$(go env GOROOT)" /usr/local/go
inside "$(go env GOMODCACHE)" /root/go/pkg/mod
inside "${XDG_CACHE_HOME:-$HOME/.cache}/pip" /root/.cache/pip
inside "$HOME/.m2" /root/.m2
echo "mount --rbind /dev '$root/dev'" >>"$top/enter" # with its terminals and shared memory
cat >>"$top/enter" <<END
mount -t proc proc '$root/proc'
exec chroot '$root' env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \\
  GOPROXY='$(go env GOPROXY)' CI='${CI:-}' sh -euc 'cd /root/pyfc; eval "\$1"' newcomer "\$1"
END
for command; do
  echo "== $command"
  began=$(date +%s)
  unshare --mount sh "$top/enter" "$command"
  echo "== took $(($(date +%s) - began)) s: $command"
done
