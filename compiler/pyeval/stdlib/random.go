package stdlib

import (
	"crypto/sha512"
	"math/big"

	"pyfc/compiler/pyeval"
)

func init() { loaders["random"] = fillRandom }

// twister is MT19937, the generator of CPython's random.
type twister struct {
	state [624]uint32
	at    int
}

func newTwister(seed *big.Int) *twister {
	var key []uint32
	mask := big.NewInt(0xffffffff)
	for n := new(big.Int).Set(seed); n.Sign() > 0; n.Rsh(n, 32) {
		key = append(key, uint32(new(big.Int).And(n, mask).Uint64()))
	}
	if len(key) == 0 {
		key = []uint32{0}
	}
	m := &twister{at: 624}
	s := &m.state
	s[0] = 19650218
	for i := uint32(1); i < 624; i++ {
		s[i] = 1812433253*(s[i-1]^s[i-1]>>30) + i
	}
	i, j := 1, 0
	step := func() {
		if i++; i == 624 {
			s[0], i = s[623], 1
		}
	}
	for range max(624, len(key)) {
		s[i] = (s[i] ^ (s[i-1]^s[i-1]>>30)*1664525) + key[j] + uint32(j)
		step()
		j = (j + 1) % len(key)
	}
	for range 623 {
		s[i] = (s[i] ^ (s[i-1]^s[i-1]>>30)*1566083941) - uint32(i)
		step()
	}
	s[0] = 1 << 31
	return m
}

// next draws 32 bits.
func (m *twister) next() uint32 {
	if m.at == 624 {
		s := &m.state
		for i := range s {
			y := s[i]&(1<<31) | s[(i+1)%624]&(1<<31-1)
			s[i] = s[(i+397)%624] ^ y>>1 ^ y&1*0x9908b0df
		}
		m.at = 0
	}
	y := m.state[m.at]
	m.at++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// bits draws an integer of k bits, the low words first.
func (m *twister) bits(k int64) *big.Int {
	out := new(big.Int)
	for shift := int64(0); shift < k; shift += 32 {
		r := m.next()
		if left := k - shift; left < 32 {
			r >>= 32 - left
		}
		out.Or(out, new(big.Int).Lsh(big.NewInt(int64(r)), uint(shift)))
	}
	return out
}

var twisterClass = pyeval.NewClass("random", "_Twister")

// maxBits bounds one draw.
const maxBits = 1 << 20

func init() {
	def := func(signature string, f func(c *pyeval.Call, m *twister) (pyeval.Value, error)) {
		twisterClass.Def(signature, func(c *pyeval.Call) (pyeval.Value, error) {
			m, _ := pyeval.Data[*twister](c.Self())
			return f(c, m)
		})
	}
	twisterClass.Static("__new__(cls, seed: int)", func(c *pyeval.Call) (pyeval.Value, error) {
		n, _ := pyeval.Builtin(c.Arg("seed")).(pyeval.Int)
		return twisterClass.Make(newTwister(n.Big())), nil
	})
	def("random(self)", func(_ *pyeval.Call, m *twister) (pyeval.Value, error) {
		a, b := m.next()>>5, m.next()>>6
		return pyeval.Float((float64(a)*(1<<26) + float64(b)) / (1 << 53)), nil
	})
	def("getrandbits(self, k: int)", func(c *pyeval.Call, m *twister) (pyeval.Value, error) {
		if c.Int("k") > maxBits {
			return nil, pyeval.Errorf(pyeval.OverflowError, "getrandbits() takes up to %d bits at build", maxBits)
		}
		return pyeval.NewBig(m.bits(c.Int("k"))), nil
	})
	def("below(self, n: int)", func(c *pyeval.Call, m *twister) (pyeval.Value, error) {
		n, _ := pyeval.Builtin(c.Arg("n")).(pyeval.Int)
		limit := n.Big()
		if limit.Sign() <= 0 || limit.BitLen() > maxBits {
			return nil, pyeval.Errorf(pyeval.ValueError, "empty range for randrange()")
		}
		for {
			if r := m.bits(int64(limit.BitLen())); r.Cmp(limit) < 0 {
				return pyeval.NewBig(r), nil
			}
		}
	})
	def("state(self)", func(_ *pyeval.Call, m *twister) (pyeval.Value, error) {
		var out []pyeval.Value
		for _, w := range m.state {
			out = append(out, pyeval.NewInt(int64(w)))
		}
		return pyeval.NewTuple(append(out, pyeval.NewInt(int64(m.at)))...), nil
	})
	def("restore(self, state: seq)", func(c *pyeval.Call, m *twister) (pyeval.Value, error) {
		words := c.Elems("state")
		if len(words) != 625 {
			return nil, pyeval.Errorf(pyeval.ValueError, "state vector is the wrong size")
		}
		for i, w := range words {
			n, _ := w.(pyeval.Int)
			x, _ := n.Int64()
			if i == 624 {
				m.at = int(min(max(x, 0), 624))
			} else {
				m.state[i] = uint32(x)
			}
		}
		return pyeval.None, nil
	})
}

// fillRandom gives the Python part its generator. What an unseeded generator
// draws would differ from build to build, so it is opaque.
func fillRandom(_ *pyeval.Thread, m *pyeval.Module) {
	m.Add(twisterClass)
	m.Def("_unseeded()", func(c *pyeval.Call) (pyeval.Value, error) {
		where := c.Thread.Where()
		return &pyeval.Opaque{Origin: "random without a seed", Module: "random", Import: where, Where: where}, nil
	})
	m.Def("_sha512(data: bytes)", func(c *pyeval.Call) (pyeval.Value, error) {
		b, _ := c.Arg("data").(pyeval.Bytes)
		sum := sha512.Sum512([]byte(b))
		return pyeval.Bytes(sum[:]), nil
	})
}
