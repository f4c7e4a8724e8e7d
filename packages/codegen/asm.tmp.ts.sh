#!/bin/bash
# asm.sh name direction -> largest function's asm
node --print-wasm-code --no-liftoff --no-wasm-lazy-compilation --no-wasm-native-module-cache-enabled --conditions=@isoact/source --import tsx speed.tmp.ts 64 $1 > /tmp/w/$1.asm 2>&1
grep -v "^npm" /tmp/w/$1.asm | grep "ns/el\|forward \|vjp "
