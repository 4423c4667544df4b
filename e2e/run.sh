#!/usr/bin/env bash
# Runs the end-to-end tests against moto, an AWS server that nobody here wrote:
# installs it into a throw-away environment, starts it on a loopback port, points
# the SDK at it and cleans up. Needs Python 3.11 or later and PyPI.
#
#   e2e/run.sh [go test flags]      for example: e2e/run.sh -run Read -v
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=

clean_up() {
	if [[ -n $server ]]; then
		kill "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	fi
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

give_up() {
	{
		echo
		echo "*** e2e: NOT TESTED: $1"
		if [[ -f $2 ]]; then
			echo "*** the last lines of its output:"
			tail -n 15 "$2"
		fi
	} >&2
	exit 1
}

install_moto() {
	command -v python3 >/dev/null || give_up "python3 is not installed" /dev/null
	echo "e2e: installing moto into a throw-away environment" >&2
	python3 -m venv "$work/venv" >"$work/install.log" 2>&1 ||
		give_up "no virtual environment could be made (python3-venv missing?)" "$work/install.log"
	"$work/venv/bin/python" -m pip install --disable-pip-version-check --quiet --requirement "$here/requirements.txt" >"$work/install.log" 2>&1 ||
		give_up "moto could not be installed: is PyPI reachable from here?" "$work/install.log"
}

# start_moto lets the system choose the port and reads it from the log.
start_moto() {
	MOTO_IAM_LOAD_MANAGED_POLICIES=true PYTHONUNBUFFERED=1 \
		"$work/venv/bin/moto_server" --host 127.0.0.1 --port 0 >"$work/moto.log" 2>&1 &
	server=$!
	for _ in $(seq 300); do
		url=$(sed -n 's/.*Running on \(http:\/\/127\.0\.0\.1:[0-9]*\).*/\1/p' "$work/moto.log" | head -n 1)
		if [[ -n $url ]]; then
			return
		fi
		kill -0 "$server" 2>/dev/null || give_up "moto ended before it listened" "$work/moto.log"
		sleep 0.2
	done
	give_up "moto did not listen within a minute" "$work/moto.log"
}

install_moto
start_moto
echo "e2e: moto listens on $url" >&2

# Nothing of the caller's AWS configuration may take part.
for name in $(compgen -e | grep '^AWS_' || true); do
	unset "$name"
done
export AWS_ENDPOINT_URL=$url AWS_ENDPOINT_URL_STS=$url
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true

cd "$here/.."
go test -tags e2e -count=1 "$@" ./e2e/...
