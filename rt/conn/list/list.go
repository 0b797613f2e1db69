// Package list names every connector and format. Only the compiler imports it,
// so that a binary links no connector that it doesn't use.
package list

import (
	"maps"
	"slices"

	"pyfc/rt/conn"
	"pyfc/rt/conn/blackhole"
	"pyfc/rt/conn/datagen"
	"pyfc/rt/conn/filesystem"
	"pyfc/rt/conn/firehose"
	"pyfc/rt/conn/jdbc"
	"pyfc/rt/conn/kafka"
	"pyfc/rt/conn/kinesis"
	"pyfc/rt/conn/planned"
	"pyfc/rt/conn/print"
	"pyfc/rt/conn/replay"
	"pyfc/rt/conn/rowloop"
	"pyfc/rt/conn/tableau"
	"pyfc/rt/conn/values"
	"pyfc/rt/format/csv"
	"pyfc/rt/format/json"
	"pyfc/rt/format/parquet"
	"pyfc/rt/format/raw"
)

// Connectors are the declared connectors; one without package is planned.
var Connectors = append([]*conn.Connector{&print.Connector, &blackhole.Connector, &jdbc.Connector, &kafka.Connector, &kafka.Upsert, &kinesis.Connector, &kinesis.Legacy, &firehose.Connector, &filesystem.Connector, &values.Connector, &datagen.Connector,
	&tableau.Connector, &rowloop.Connector, &replay.Connector}, planned.Connectors...)

// Formats are the declared formats; one without package is planned.
var Formats = append([]*conn.Format{&csv.Format, &json.Format, &json.Debezium, &json.Canal, &json.Maxwell, &raw.Format, &parquet.Format}, planned.Formats...)

// Connector finds a connector by the value of 'connector', or of
// 'connector.type' for the legacy generation.
func Connector(name string, gen conn.Generation) (*conn.Connector, bool) {
	for _, c := range Connectors {
		if gen == conn.Modern && c.Name == name {
			return c, true
		}
		if gen == conn.Legacy {
			for _, l := range c.LegacyTypes {
				if l == name {
					return c, true
				}
			}
		}
	}
	return nil, false
}

// Format finds a format by name.
func Format(name string) (*conn.Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return nil, false
}

// Packages returns the import paths of all that implements connectors and formats,
// with what only some options of a connector need.
func Packages() []string {
	all := map[string]bool{}
	for _, c := range Connectors {
		all[c.Package] = true
		for _, l := range c.Links {
			all[l.Package] = true
		}
	}
	for _, f := range Formats {
		all[f.Package] = true
	}
	delete(all, "") // of those that are planned
	return slices.Sorted(maps.Keys(all))
}
