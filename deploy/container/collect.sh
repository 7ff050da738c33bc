#!/bin/sh
# Gathers what an image needs to run a program and nothing else:
#
#   collect.sh PROGRAM FOLDER
#
# The program without its debug symbols, the libraries that the dynamic linker finds for it, OpenSSL, which it loads with the first
# encrypted connection (src/net/openssl.cpp), certificates of the system's authorities (for energy sources over https), terminal
# descriptions (for `query monitor` and `inspect`), the user nobody, and an empty /tmp that anyone may write to. Name resolution
# needs no further library: the C library has files and DNS built in.
set -eu

program=$1
root=$2

mkdir -p "$root/usr/bin" "$root/etc/ssl/certs" "$root/etc/perf-sentinel" "$root/var/lib/perf-sentinel"
install -d -m 1777 "$root/tmp"
install -m 755 "$program" "$root/usr/bin/perf-sentinel"
if command -v strip >/dev/null; then strip --strip-unneeded --remove-section=.comment "$root/usr/bin/perf-sentinel"; fi

# Files that a program or library is linked with: "libm.so.6 => /lib/…/libm.so.6 (0x…)", and the linker itself without an arrow.
linked() {
  ldd "$1" | sed -n 's/^.* => \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) .*/\1/p'
}
openssl=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p | sed -n 's/^[[:space:]]*lib\(ssl\|crypto\)\.so\.3 .*=> //p')
[ -n "$openssl" ] || echo "collect.sh: no libssl.so.3 here: the image will have no TLS" >&2
{
  linked "$program"
  for library in $openssl; do echo "$library"; linked "$library"; done
} | sort -u | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done

if [ -e /etc/ssl/certs/ca-certificates.crt ]; then cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"; fi
for name in x/xterm x/xterm-256color s/screen s/screen-256color t/tmux t/tmux-256color l/linux; do
  [ -e "/lib/terminfo/$name" ] || continue
  mkdir -p "$root/lib/terminfo/$(dirname $name)"
  cp -L "/lib/terminfo/$name" "$root/lib/terminfo/$name"
done

echo 'nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin' >"$root/etc/passwd"
echo 'nogroup:x:65534:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
chown 65534:65534 "$root/var/lib/perf-sentinel" 2>/dev/null || true  # no matter where an image is only looked at
chmod 700 "$root/var/lib/perf-sentinel"
