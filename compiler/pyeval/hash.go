package pyeval

import (
	"math"
	"math/big"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// hashKey is what a hashable value is filed under. Values that are equal in
// Python have equal keys; only kind 'h', the hash of a script's __hash__, may
// be shared by unequal ones.
type hashKey struct {
	kind byte
	n    int64
	s    string
	p    Value
}

func strKey(s string) hashKey { return hashKey{kind: 's', s: s} }

// exact reports whether equal keys prove equal values.
func (k hashKey) exact() bool { return k.kind != 'h' && k.kind != 'H' }

// hashOf returns the key of a value, or a TypeError for an unhashable one.
func (t *Thread) hashOf(v Value) (hashKey, error) {
	switch v := v.(type) {
	case *Str:
		return strKey(v.s), nil
	case Int:
		return intKey(v), nil
	case Bool:
		i, _ := asInt(v)
		return intKey(i), nil
	case Float:
		return floatKey(float64(v)), nil
	case Bytes:
		return hashKey{kind: 'y', s: string(v)}, nil
	case *Tuple:
		return t.seqKey('t', v.elems)
	case *Set:
		if v.frozen {
			return t.frozenKey(v)
		}
		return hashKey{}, unhashable(v)
	case *List, *Dict, *Slice:
		return hashKey{}, unhashable(v)
	case *Sym:
		known, err := t.Assume(v, "a key")
		if err != nil {
			return hashKey{}, err
		}
		return t.hashOf(known)
	case *Opaque:
		t.AssumeOpaque(v, "is used as a key")
		return hashKey{kind: 'p', p: v}, nil
	case *Instance:
		return t.instanceKey(v)
	}
	return hashKey{kind: 'p', p: v}, nil
}

func unhashable(v Value) error {
	return Errorf(TypeError, "unhashable type: '%s'", v.Class().name)
}

func intKey(i Int) hashKey {
	if i.big != nil {
		return hashKey{kind: 'b', s: i.big.String()}
	}
	return hashKey{kind: 'i', n: i.n}
}

// floatKey files an integral float with the equal int.
func floatKey(f float64) hashKey {
	if f != math.Trunc(f) || math.IsInf(f, 0) {
		return hashKey{kind: 'f', n: int64(math.Float64bits(f))}
	}
	b, _ := big.NewFloat(f).Int(nil)
	return intKey(NewBig(b))
}

func (t *Thread) seqKey(kind byte, elems []Value) (hashKey, error) {
	var b strings.Builder
	out := hashKey{kind: kind}
	if err := t.Step(); err != nil {
		return hashKey{}, err
	}
	for _, e := range elems {
		k, err := t.hashOf(e)
		if err != nil {
			return hashKey{}, err
		}
		if !k.exact() {
			out.kind = 'H'
		}
		t.writeKey(&b, k)
	}
	out.s = b.String()
	return out, nil
}

func (t *Thread) frozenKey(s *Set) (hashKey, error) {
	out := hashKey{kind: 'z'}
	keys := make([]string, 0, s.Len())
	for _, e := range s.elems() {
		k, err := t.hashOf(e)
		if err != nil {
			return hashKey{}, err
		}
		if !k.exact() {
			out.kind = 'H'
		}
		var b strings.Builder
		t.writeKey(&b, k)
		keys = append(keys, b.String())
	}
	sort.Strings(keys)
	out.s = strings.Join(keys, "")
	return out, nil
}

// writeKey appends an unambiguous text of a key.
func (t *Thread) writeKey(b *strings.Builder, k hashKey) {
	n := k.n
	if k.p != nil {
		n = t.id(k.p)
	}
	b.WriteByte(k.kind)
	b.WriteString(strconv.FormatInt(n, 10))
	b.WriteByte(':')
	b.WriteString(strconv.Itoa(len(k.s)))
	b.WriteByte(':')
	b.WriteString(k.s)
}

// instanceKey asks the instance's __hash__; an instance without one is filed
// by identity, or by value when its class derives from a built-in one.
func (t *Thread) instanceKey(v *Instance) (hashKey, error) {
	method, owner := v.class.lookup("__hash__")
	if method == None {
		return hashKey{}, unhashable(v)
	}
	if method == nil || owner == ObjectClass || v.builtin != nil && v.class.prefers(v.builtin.Class(), owner) {
		if v.builtin != nil {
			return t.hashOf(v.builtin)
		}
		return hashKey{kind: 'p', p: v}, nil
	}
	h, err := t.callMethod(method, v)
	if err != nil {
		return hashKey{}, err
	}
	i, ok := asInt(h)
	if !ok {
		return hashKey{}, Errorf(TypeError, "__hash__ method should return an integer")
	}
	return hashKey{kind: 'h', s: i.String()}, nil
}

// prefers reports whether a class asks base before other.
func (c *Class) prefers(base, other *Class) bool {
	i, j := slices.Index(c.mro, base), slices.Index(c.mro, other)
	return i >= 0 && i < j
}

// hashNumber is the answer of hash(v) for values whose number in CPython isn't
// known: stable within a build and equal for equal values.
func hashNumber(k hashKey) int64 {
	h := uint64(14695981039346656037)
	for _, c := range []byte(k.s) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return int64((h ^ uint64(k.n) ^ uint64(k.kind)) >> 3)
}

// Hash is hash(v): CPython's number for numbers and tuples of them.
func (t *Thread) Hash(v Value) (int64, error) {
	k, err := t.hashOf(v)
	if n, ok := numericHash(v); ok {
		return n, err
	}
	if k.kind == 'h' { // what a __hash__ of the script gave
		if b, ok := new(big.Int).SetString(k.s, 10); ok {
			n, _ := numericHash(NewBig(b))
			return n, err
		}
	}
	return hashNumber(k), err
}

// hashPrime is the modulus of CPython's hashes of numbers, 2**61-1.
const hashPrime = 1<<61 - 1

// numericHash is CPython's hash of a number or a tuple of numbers; others
// depend on the process there.
func numericHash(v Value) (int64, bool) {
	switch x := plain(v).(type) {
	case Bool, Int:
		i, _ := asInt(x)
		if i.big == nil && i.n > -1 && i.n < hashPrime {
			return i.n, true
		}
		n := new(big.Int).Rem(i.Big(), big.NewInt(hashPrime)).Int64()
		if n == -1 {
			n = -2
		}
		return n, true
	case Float: // that of a NaN is by identity
		return floatHash(float64(x)), !math.IsNaN(float64(x))
	case *Tuple:
		return tupleHash(x.elems)
	}
	return 0, false
}

// floatHash reduces mantissa and exponent modulo hashPrime.
func floatHash(f float64) int64 {
	switch {
	case math.IsInf(f, 1):
		return 314159
	case math.IsInf(f, -1):
		return -314159
	case math.IsNaN(f):
		return 0
	}
	m, e := math.Frexp(math.Abs(f))
	x := uint64(0)
	for m != 0 {
		x = x<<28&hashPrime | x>>(61-28)
		m *= 1 << 28
		e -= 28
		y := uint64(m)
		m -= float64(y)
		if x += y; x >= hashPrime {
			x -= hashPrime
		}
	}
	shift := ((e % 61) + 61) % 61
	x = x<<shift&hashPrime | x>>(61-shift)
	n := int64(x)
	if f < 0 {
		n = -n
	}
	if n == -1 {
		n = -2
	}
	return n
}

// tupleHash mixes the elements' hashes as xxHash does.
func tupleHash(elems []Value) (int64, bool) {
	const prime1, prime2, prime5 = 11400714785074694791, 14029467366897019727, 2870177450012600261
	acc := uint64(prime5)
	for _, e := range elems {
		n, ok := numericHash(e)
		if !ok {
			return 0, false
		}
		acc += uint64(n) * prime2
		acc = (acc<<31 | acc>>33) * prime1
	}
	acc += uint64(len(elems)) ^ (prime5 ^ 3527539)
	if acc == math.MaxUint64 {
		return 1546275796, true
	}
	return int64(acc), true
}
