#!/usr/bin/env bash
# Install bubblewrap, the box that submissions are graded in, where we may; say so where we may not.
set -u
command -v bwrap >/dev/null && exit 0
command -v apt-get >/dev/null || { echo "no bubblewrap here; hwkit doctor says how to get one"; exit 0; }
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || { echo "no bubblewrap here: sudo apt-get install bubblewrap"; exit 0; }
    as_root=(sudo -n)
fi
echo "installing bubblewrap, the box that submissions are graded in"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq --no-install-recommends bubblewrap
exit 0
