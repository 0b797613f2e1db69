package pyeval

// Args returns the bound arguments in the order of the signature; nil for one
// that is absent and has no default.
func (c *Call) Args() []Value { return c.slots }
