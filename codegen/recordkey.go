package codegen

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"pyfc/ir"
	"pyfc/rt/conn"
	"pyfc/rt/val"
)

// recordKey says which columns the keys of a table's records hold.
func recordKey(t *ir.Table) conn.RecordKey {
	c := connector(t)
	if c.RecordKey == nil || t.Legacy {
		return conn.RecordKey{}
	}
	all := displayed(t)
	own, _ := conn.SplitFormat(all, conn.Modern)
	options := c.Options()
	conn.Parse(own, options, conn.Modern) // whose faults the binder has reported
	described := &conn.Table{Name: t.Name, Options: all, Key: t.Key}
	for _, column := range t.Columns {
		described.Columns = append(described.Columns, val.Column{Name: column.Name, Metadata: column.Metadata != ""})
	}
	return c.RecordKey(options, described)
}

// displayed are the options of a table, with inputs that are bound at start by
// name.
func displayed(t *ir.Table) map[string]string {
	all := map[string]string{}
	for _, o := range t.Options {
		all[o.Key] = o.Value.Display()
	}
	return all
}

// recordKeyLiteral is what the binary knows of it; nil for records without keys.
func recordKeyLiteral(k conn.RecordKey) *jen.Statement {
	if len(k.Columns) == 0 {
		return nil
	}
	d := jen.Dict{jen.Id("Columns"): intList(k.Columns)}
	if k.Apart {
		d[jen.Id("Apart")] = jen.True()
	}
	if k.Prefix != "" {
		d[jen.Id("Prefix")] = jen.Lit(k.Prefix)
	}
	if k.Tombstones {
		d[jen.Id("Tombstones")] = jen.True()
	}
	return jen.Qual(pkgConn, "RecordKey").Values(d)
}

// inKeys says where each column that a scan reads stands in the keys of records,
// -1 for one that isn't taken from there.
func inKeys(s *ir.Scan, k conn.RecordKey) []int {
	places := make([]int, len(s.Read))
	for i, column := range s.Read {
		places[i] = -1
		if k.Decodes() {
			places[i] = slices.Index(k.Columns, column)
		}
	}
	return places
}

// tombstoned are the columns of a scan that are NULL in records without values:
// nil where such records stand for no row.
func tombstoned(k conn.RecordKey, inRecord, inKey []int) []int {
	if !k.Tombstones {
		return nil
	}
	columns := []int{}
	for i := range inRecord {
		if inRecord[i] >= 0 && inKey[i] < 0 {
			columns = append(columns, i)
		}
	}
	return columns
}
