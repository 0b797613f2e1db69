package fn

import (
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"sync/atomic"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

// javaRandom is the generator of java.util.Random, whose documentation
// prescribes the numbers.
type javaRandom uint64

const javaRandomMask = 1<<48 - 1

func seeded(seed int32) javaRandom { return javaRandom((uint64(seed) ^ 0x5DEECE66D) & javaRandomMask) }

func (r *javaRandom) next(bits int) int32 {
	*r = (*r*0x5DEECE66D + 0xB) & javaRandomMask
	return int32(*r >> (48 - bits))
}

func (r *javaRandom) below(bound int32) int32 {
	if bound&-bound == bound {
		return int32(int64(bound) * int64(r.next(31)) >> 31)
	}
	for {
		bits := r.next(31)
		v := bits % bound
		if bits-v+(bound-1) >= 0 {
			return v
		}
	}
}

func (r *javaRandom) double() float64 {
	high := int64(r.next(26)) << 27
	return float64(high+int64(r.next(27))) * (1.0 / (1 << 53))
}

// Random is Java's generator for one call with a constant seed: it goes on from
// row to row, and between the subtasks that share it.
type Random struct {
	state atomic.Uint64 // 0 before the first row, else that of javaRandom with a bit above it
}

const randomStarted = 1 << 63

// step draws from the generator, which starts at the seed.
func step[T any](r *Random, seed int32, draw func(*javaRandom) T) T {
	for {
		old := r.state.Load()
		g := javaRandom(old &^ randomStarted)
		if old == 0 {
			g = seeded(seed)
		}
		v := draw(&g)
		if r.state.CompareAndSwap(old, uint64(g)|randomStarted) {
			return v
		}
	}
}

var errBound = errors.New("bound must be positive")

// Rand is a random number from 0 to less than 1.
func Rand() float64 { return mathrand.Float64() }

// RandSeed is the first one of Java's generator with that seed.
func RandSeed(seed int32) float64 {
	r := seeded(seed)
	return r.double()
}

// RandNext is the next one of the call's generator.
func RandNext(r *Random, seed int32) float64 { return step(r, seed, (*javaRandom).double) }

// RandInteger is a random integer from 0 to less than the bound.
func RandInteger(bound int32) (int32, error) {
	if bound <= 0 {
		return 0, errBound
	}
	return mathrand.Int32N(bound), nil
}

// RandIntegerSeed is the first one of Java's generator with that seed.
func RandIntegerSeed(seed, bound int32) (int32, error) {
	if bound <= 0 {
		return 0, errBound
	}
	r := seeded(seed)
	return r.below(bound), nil
}

// RandIntegerNext is the next one of the call's generator.
func RandIntegerNext(r *Random, seed, bound int32) (int32, error) {
	if bound <= 0 {
		return 0, errBound
	}
	return step(r, seed, func(g *javaRandom) int32 { return g.below(bound) }), nil
}

// UUID is a random UUID of version 4.
func UUID(a *val.Arena) string {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80
	dst := a.Alloc(36)[:0]
	for i, b := range raw {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			dst = append(dst, '-')
		}
		dst = append(dst, lowerHex[b>>4], lowerHex[b&15])
	}
	return val.View(dst)
}

// variableSeed takes no constant seed: with one, a call goes on with one
// generator from row to row, with another one each row starts its own.
func variableSeed(args []Arg) ([]types.Type, bool) {
	out := make([]types.Type, len(args))
	for i, a := range args {
		out[i] = types.Of(types.Int).WithNull(a.Nullable)
	}
	return out, !args[0].Const || args[0].Value == nil
}

// Declarations.
var (
	RandDecl = Decl{Name: "RAND", Doc: "A random number from 0 to less than 1; with a seed, those of Java's generator: one for all rows if the seed is a constant, else one per row.", Volatile: true,
		Overloads: []Overload{
			{Result: alwaysDouble, Impls: []any{Rand}},
			{Params: []Param{int32Param}, Coerce: variableSeed, Result: alwaysDouble, Impls: []any{RandSeed}},
			{Params: []Param{int32Param.Literal()}, Result: alwaysDouble, Impls: []any{RandNext}}},
		Examples: []Example{{"RAND(CAST(NULL AS INT))", "NULL"}, {"RAND(42)", "0.7275636800328681"}}}
	RandIntegerDecl = Decl{Name: "RAND_INTEGER", Doc: "A random integer from 0 to less than a bound; with a seed before it, those of Java's generator: one for all rows if the seed is a constant, else one per row.", Volatile: true,
		Overloads: []Overload{
			{Params: []Param{int32Param}, Result: alwaysInt, Impls: []any{RandInteger}},
			{Params: []Param{int32Param, int32Param}, Coerce: variableSeed, Result: alwaysInt, Impls: []any{RandIntegerSeed}},
			{Params: []Param{int32Param.Literal(), int32Param}, Result: alwaysInt, Impls: []any{RandIntegerNext}}},
		Examples: []Example{{"RAND_INTEGER(CAST(NULL AS INT), 5)", "NULL"}, {"RAND_INTEGER(7, 100)", "36"}}}
	UUIDDecl = Decl{Name: "UUID", Doc: "A random UUID.", Volatile: true,
		Overloads: []Overload{{Result: func([]Arg) types.Type { return types.NewChar(36).NotNull() }, Impls: []any{UUID}}},
		Examples:  []Example{{"CAST(NULL AS STRING) || UUID()", "NULL"}}}
)
