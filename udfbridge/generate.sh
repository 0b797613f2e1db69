#!/bin/sh
# Regenerates the Go and Python code of udf.proto: run it here after a change,
# and commit what it writes. It needs go and python3 with venv.
#
# The Python side is made by an old compiler on purpose: its output has no
# check of the runtime's version and works with every protobuf from 3.20 on.
set -eu
cd "$(dirname "$0")"
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT

GOBIN=$tools go install google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12
GOBIN=$tools go install google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.0
"${PYTHON:-python3}" -m venv "$tools/venv"
"$tools/venv/bin/pip" install -q 'grpcio-tools==1.62.3' 'setuptools<80'

PATH=$tools:$PATH "$tools/venv/bin/python" -m grpc_tools.protoc -Ipyfc_worker=. \
    --go_out=udfpb --go_opt=module=pyfc/udfbridge/udfpb \
    --go-grpc_out=udfpb --go-grpc_opt=module=pyfc/udfbridge/udfpb \
    --python_out=worker --grpc_python_out=worker \
    pyfc_worker/udf.proto
