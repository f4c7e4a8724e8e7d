node --print-wasm-code --no-liftoff --no-wasm-lazy-compilation --no-wasm-native-module-cache-enabled --conditions=@isoact/source --import tsx one.tmp.ts $1 $2 > /tmp/w/$1.asm 2>&1
python3 - $1 <<'PY'
import re,sys
t=open('/tmp/w/%s.asm'%sys.argv[1]).read().split('--- WebAssembly code ---')
f=max(t,key=lambda f:f.count('vmulps'))
ins=[re.match(r'^0x[0-9a-f]+\s+([0-9a-f]+)\s+[0-9a-f]+\s+(.*)$',l) for l in f.split('\n')]
ins=[(int(m.group(1),16),m.group(2)) for m in ins if m]
for i,(a,s) in enumerate(ins):
    m=re.match(r'^j\w+ .*<\+0x([0-9a-f]+)>',s)
    if m and int(m.group(1),16)<a and a-int(m.group(1),16)<1200:
        st=int(m.group(1),16)
        print(len([1 for x in ins if st<=x[0]<=a]))
        for x in ins:
            if st<=x[0]<=a: print(x[1])
        print('-----')
PY
