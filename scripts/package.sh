#!/usr/bin/env bash
# Makes build/package/perf-sentinel_<version>_<arch>.deb, perf-sentinel-<version>-linux-<arch>.tar.gz and SHA256SUMS.txt from
# build/release.
#
# The same sources give the same bytes: times are those of the last commit. Needs dpkg-dev and binutils; `./dev package` sees to
# both and builds first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

binary=build/release/perf-sentinel
version=$("$binary" --version | awk '{print $2}')
arch=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH
out=build/package
rm -rf "$out"
root=$out/root
mkdir -p "$root"/{DEBIAN,usr/bin}

install -m 755 "$binary" "$root/usr/bin/perf-sentinel"
strip --strip-unneeded --remove-section=.comment "$root/usr/bin/perf-sentinel"

# A file of /usr/share whose content comes from standard input.
share() {
  mkdir -p "$(dirname "$root/usr/share/$1")"
  cat >"$root/usr/share/$1"
  chmod 644 "$root/usr/share/$1"
}
"$binary" man | gzip -9n | share man/man1/perf-sentinel.1.gz
"$binary" completions bash | share bash-completion/completions/perf-sentinel
"$binary" completions zsh | share zsh/vendor-completions/_perf-sentinel
"$binary" completions fish | share fish/vendor_completions.d/perf-sentinel.fish
share doc/perf-sentinel/copyright <LICENSE
share doc/perf-sentinel/README.md <README.md
gzip -9n <CHANGELOG.md | share doc/perf-sentinel/changelog.gz

# The daemon as a service: not enabled, and its configuration is the administrator's once installed.
install -D -m 644 deploy/systemd/perf-sentinel.service "$root/lib/systemd/system/perf-sentinel.service"
install -D -m 644 deploy/systemd/perf-sentinel.toml "$root/etc/perf-sentinel/perf-sentinel.toml"
echo /etc/perf-sentinel/perf-sentinel.toml >"$root/DEBIAN/conffiles"

# What the binary needs of the system, found by looking at it.
mkdir -p "$out/debian"
printf 'Source: perf-sentinel\n\nPackage: perf-sentinel\nArchitecture: any\n' >"$out/debian/control"
depends=$(cd "$out" && dpkg-shlibdeps -O root/usr/bin/perf-sentinel 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
rm -r "$out/debian"

cat >"$root/DEBIAN/control" <<CONTROL
Package: perf-sentinel
Version: $version
Architecture: $arch
Section: utils
Priority: optional
Maintainer: perf-sentinel maintainers <maintainers@perf-sentinel.invalid>
Installed-Size: $(du -ks --exclude=DEBIAN "$root" | cut -f1)
Depends: $depends
Recommends: ca-certificates, libssl3
Description: finds slow and wasteful I/O in OpenTelemetry traces
 Reads traces in OTLP, Jaeger, Zipkin and native form, names N+1 and redundant
 calls, slow queries, fan-out, chatty services, saturated pools and serialised
 calls, prices them in energy and carbon, and gates a build on them.
CONTROL

find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group --build "$root" "$out/perf-sentinel_${version}_$arch.deb" >/dev/null

folder=perf-sentinel-$version
mkdir -p "$out/$folder"
cp -a "$root/usr/bin" "$root/usr/share" "$out/$folder/"
cp -a deploy/systemd LICENSE README.md CHANGELOG.md "$out/$folder/"
find "$out/$folder" -exec touch --date="@$SOURCE_DATE_EPOCH" {} +
tar -C "$out" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -cf - "$folder" | gzip -9n >"$out/$folder-linux-$arch.tar.gz"
rm -rf "$root" "${out:?}/$folder"
(cd "$out" && sha256sum -- *.deb *.tar.gz >SHA256SUMS.txt)
ls -l "$out"
