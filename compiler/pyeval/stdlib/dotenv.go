package stdlib

import "pyfc/compiler/pyeval"

func init() { loaders["dotenv"] = fillDotenv }

// fillDotenv makes what the part in Python lacks opaque, load_dotenv above all.
func fillDotenv(_ *pyeval.Thread, m *pyeval.Module) { m.Fallback = opaqueMembers("dotenv") }

// opaqueMembers answers for the members of a third-party module that aren't
// modelled.
func opaqueMembers(module string) func(t *pyeval.Thread, name string) (pyeval.Value, error) {
	return func(t *pyeval.Thread, name string) (pyeval.Value, error) {
		where := t.Where()
		return &pyeval.Opaque{Origin: module + "." + name, Module: module, Import: where, Where: where}, nil
	}
}
