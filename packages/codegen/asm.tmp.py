import re,sys,collections
t=open(sys.argv[1]).read().split('--- WebAssembly code ---')
best=max(t,key=lambda f:f.count('vmulps') if 'TurboFan' in f else 0)
lines=[l for l in best.split('\n') if re.match(r'^0x',l)]
ins=[]
for l in lines:
    m=re.match(r'^0x[0-9a-f]+\s+([0-9a-f]+)\s+[0-9a-f]+\s+(.*)$',l)
    if m: ins.append((int(m.group(1),16),m.group(2)))
# find backward jumps -> loops
loops=[]
for i,(a,s) in enumerate(ins):
    m=re.match(r'^j\w+ .*<\+0x([0-9a-f]+)>',s)
    if m and int(m.group(1),16)<a:
        start=int(m.group(1),16)
        body=[x for x in ins if start<=x[0]<=a]
        loops.append((len(body),start,a,body))
for n,s,e,body in loops:
    c=collections.Counter(re.sub(r'^REX.W ','',x[1]).split()[0] for x in body)
    loads=sum(1 for x in body if re.match(r'vmovups xmm\d+,\[rbp',x[1])); stores=sum(1 for x in body if re.match(r'vmovups \[rbp',x[1]))
    print(n,'instr at',hex(s),'spill loads',loads,'stores',stores,dict(c.most_common(14)))
