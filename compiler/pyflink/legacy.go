package pyflink

import (
	"strconv"
	"strings"

	"pyfc/compiler/pyeval"
	"pyfc/compiler/sql"
	"pyfc/ir"
	"pyfc/ir/diag"
)

const legacyModule = "pyflink.table.descriptors"

// The descriptors of the generation before TableDescriptor. Those of connectors
// and formats carry *properties, the options that they stand for; Schema and
// Rowtime carry what they declare.
var (
	legacyDescriptor = pyeval.NewClass(legacyModule, "Descriptor")
	legacyConnector  = pyeval.NewClass(legacyModule, "ConnectorDescriptor", legacyDescriptor)
	legacyFormat     = pyeval.NewClass(legacyModule, "FormatDescriptor", legacyDescriptor)

	fileSystemClass      = pyeval.NewClass(legacyModule, "FileSystem", legacyConnector)
	kafkaClass           = pyeval.NewClass(legacyModule, "Kafka", legacyConnector)
	elasticsearchClass   = pyeval.NewClass(legacyModule, "Elasticsearch", legacyConnector)
	hbaseClass           = pyeval.NewClass(legacyModule, "HBase", legacyConnector)
	customConnectorClass = pyeval.NewClass(legacyModule, "CustomConnectorDescriptor", legacyConnector)

	oldCsvClass       = pyeval.NewClass(legacyModule, "OldCsv", legacyFormat)
	csvClass          = pyeval.NewClass(legacyModule, "Csv", legacyFormat)
	jsonClass         = pyeval.NewClass(legacyModule, "Json", legacyFormat)
	avroClass         = pyeval.NewClass(legacyModule, "Avro", legacyFormat)
	customFormatClass = pyeval.NewClass(legacyModule, "CustomFormatDescriptor", legacyFormat)
)

// properties are options of the legacy generation, in order.
type properties struct{ options []sql.Option }

// add sets an option, in place of one that has the key.
func (p *properties) add(key string, value ir.Text, pos diag.Pos) {
	o := sql.Option{Key: literalAt(key, pos), Value: &sql.String{At: sql.At{Pos: pos}, Value: value}}
	for i, old := range p.options {
		if old.Key.Value.Display() == key {
			p.options[i] = o
			return
		}
	}
	p.options = append(p.options, o)
}

func propertiesOf(v pyeval.Value) *properties {
	p, _ := pyeval.Data[*properties](v)
	return p
}

// legacyOption is a method of a descriptor that sets one option, to its
// argument or to a fixed value.
type legacyOption struct{ sig, key, value string }

// legacyOptions are the methods that do so, by class.
var legacyOptions = map[*pyeval.Class][]legacyOption{
	fileSystemClass: {{"path(self, path_str)", "connector.path", ""}},
	kafkaClass: {
		{"version(self, version)", "connector.version", ""},
		{"topic(self, topic)", "connector.topic", ""},
		{"start_from_earliest(self)", "connector.startup-mode", "earliest-offset"},
		{"start_from_latest(self)", "connector.startup-mode", "latest-offset"},
		{"start_from_group_offsets(self)", "connector.startup-mode", "group-offsets"},
		{"sink_partitioner_fixed(self)", "connector.sink-partitioner", "fixed"},
		{"sink_partitioner_round_robin(self)", "connector.sink-partitioner", "round-robin"},
		{"sink_partitioner_custom(self, partitioner_class_name)", "connector.sink-partitioner-class", ""},
	},
	elasticsearchClass: {
		{"version(self, version)", "connector.version", ""},
		{"index(self, index)", "connector.index", ""},
		{"document_type(self, document_type)", "connector.document-type", ""},
		{"key_delimiter(self, key_delimiter)", "connector.key-delimiter", ""},
		{"key_null_literal(self, key_null_literal)", "connector.key-null-literal", ""},
		{"failure_handler_fail(self)", "connector.failure-handler", "fail"},
		{"failure_handler_ignore(self)", "connector.failure-handler", "ignore"},
		{"failure_handler_retry_rejected(self)", "connector.failure-handler", "retry-rejected"},
		{"failure_handler_custom(self, failure_handler_class_name)", "connector.failure-handler-class", ""},
		{"disable_flush_on_checkpoint(self)", "connector.flush-on-checkpoint", "false"},
		{"bulk_flush_max_actions(self, max_actions_num)", "connector.bulk-flush.max-actions", ""},
		{"bulk_flush_max_size(self, max_size)", "connector.bulk-flush.max-size", ""},
		{"bulk_flush_interval(self, interval)", "connector.bulk-flush.interval", ""},
		{"bulk_flush_backoff_constant(self)", "connector.bulk-flush.backoff.type", "constant"},
		{"bulk_flush_backoff_exponential(self)", "connector.bulk-flush.backoff.type", "exponential"},
		{"bulk_flush_backoff_max_retries(self, max_retries)", "connector.bulk-flush.backoff.max-retries", ""},
		{"bulk_flush_backoff_delay(self, delay)", "connector.bulk-flush.backoff.delay", ""},
		{"connection_max_retry_timeout(self, max_retry_timeout)", "connector.connection-max-retry-timeout", ""},
		{"connection_path_prefix(self, path_prefix)", "connector.connection-path-prefix", ""},
	},
	hbaseClass: {
		{"version(self, version)", "connector.version", ""},
		{"table_name(self, table_name)", "connector.table-name", ""},
		{"zookeeper_quorum(self, zookeeper_quorum)", "connector.zookeeper.quorum", ""},
		{"zookeeper_node_parent(self, zookeeper_node_parent)", "connector.zookeeper.znode.parent", ""},
		{"write_buffer_flush_max_size(self, max_size)", "connector.write.buffer-flush.max-size", ""},
		{"write_buffer_flush_max_rows(self, write_buffer_flush_max_rows)", "connector.write.buffer-flush.max-rows", ""},
		{"write_buffer_flush_interval(self, interval)", "connector.write.buffer-flush.interval", ""},
	},
	oldCsvClass: {
		{"field_delimiter(self, delimiter)", "format.field-delimiter", ""},
		{"line_delimiter(self, delimiter)", "format.line-delimiter", ""},
		{"quote_character(self, quote_character)", "format.quote-character", ""},
		{"comment_prefix(self, prefix)", "format.comment-prefix", ""},
		{"ignore_parse_errors(self)", "format.ignore-parse-errors", "true"},
		{"ignore_first_line(self)", "format.ignore-first-line", "true"},
	},
	csvClass: {
		{"field_delimiter(self, delimiter)", "format.field-delimiter", ""},
		{"line_delimiter(self, delimiter)", "format.line-delimiter", ""},
		{"quote_character(self, quote_character)", "format.quote-character", ""},
		{"allow_comments(self)", "format.allow-comments", "true"},
		{"ignore_parse_errors(self)", "format.ignore-parse-errors", "true"},
		{"array_element_delimiter(self, delimiter)", "format.array-element-delimiter", ""},
		{"escape_character(self, escape_character)", "format.escape-character", ""},
		{"null_literal(self, null_literal)", "format.null-literal", ""},
		{"derive_schema(self)", "format.derive-schema", "true"},
	},
	jsonClass: {
		{"fail_on_missing_field(self, fail_on_missing_field)", "format.fail-on-missing-field", ""},
		{"json_schema(self, json_schema)", "format.json-schema", ""},
		{"derive_schema(self)", "format.derive-schema", "true"},
		{"ignore_parse_errors(self)", "format.ignore-parse-errors", "true"},
	},
	avroClass: {
		{"record_class(self, record_class)", "format.record-class", ""},
		{"avro_schema(self, avro_schema)", "format.avro-schema", ""},
	},
}

// legacyKind is a class of descriptors: the option that names it, the
// parameters of its constructor, each the name of a method, and its own
// methods.
type legacyKind struct {
	class      *pyeval.Class
	doc        string
	key, value string
	params     string
	members    []member
}

func init() {
	ignored := func(c *pyeval.Call) (pyeval.Value, error) { return c.Self(), nil }
	columnsAside := []member{ // the columns come from the table's own schema
		def("schema(self, schema)", "Describes the fields; the table's columns count.", ignored),
	}
	for _, k := range []legacyKind{
		{fileSystemClass, "Files as source or sink.", "connector.type", "filesystem", "path", nil},
		{kafkaClass, "Topics of Kafka as source or sink.", "connector.type", "kafka",
			"version topic properties start_from_earliest start_from_latest start_from_group_offsets start_from_specific_offsets_dict start_from_timestamp sink_partitioner_fixed sink_partitioner_round_robin custom_partitioner_class_name", kafkaMembers},
		{elasticsearchClass, "An index of Elasticsearch as sink.", "connector.type", "elasticsearch", "version hostname port protocol index document_type", []member{
			def("host(self, hostname: text, port: int, protocol: text)", "Adds a node.", elasticsearchHost),
		}},
		{hbaseClass, "A table of HBase.", "connector.type", "hbase", "version table_name zookeeper_quorum zookeeper_node_parent write_buffer_flush_max_size write_buffer_flush_max_rows write_buffer_flush_interval", nil},
		{oldCsvClass, "The CSV format of files.", "format.type", "csv", "schema field_delimiter line_delimiter quote_character comment_prefix ignore_parse_errors ignore_first_line",
			append([]member{def("field(self, field_name, field_type)", "Describes a field; the table's columns count.", ignored)}, columnsAside...)},
		{csvClass, "The CSV format of messages.", "format.type", "csv", "schema field_delimiter line_delimiter quote_character allow_comments ignore_parse_errors array_element_delimiter escape_character null_literal", columnsAside},
		{jsonClass, "The JSON format.", "format.type", "json", "json_schema schema fail_on_missing_field", columnsAside},
		{avroClass, "The Avro format.", "format.type", "avro", "record_class avro_schema", nil},
	} {
		init := def("__init__(self"+optionalParameters(k.params)+")", "", legacyInit(k))
		declare(k.class, k.doc, append(append([]member{init}, k.members...), optionMembers(k.class)...)...)
	}
	custom := []member{
		def("property(self, key: str, value)", "Sets an option.", func(c *pyeval.Call) (pyeval.Value, error) {
			return c.Self(), setProperty(c, c.Str("key"), c.Arg("value"))
		}),
		def("properties(self, property_dict: dict)", "Sets options.", legacyProperties("", "property_dict")),
	}
	declare(customConnectorClass, "A connector by its name.", append(custom,
		def("__init__(self, type: str, version: int = 1, format_needed: bool = True)", "", legacyNamed("connector.type")))...)
	declare(customFormatClass, "A format by its name.", append(custom,
		def("__init__(self, type: str, version: int = 1)", "", legacyNamed("format.type")))...)
	declare(legacyDescriptor, "What a table is declared by.",
		def("to_properties(self)", "The options.", func(c *pyeval.Call) (pyeval.Value, error) {
			out := pyeval.NewDict()
			for _, o := range propertiesOf(c.Self()).options {
				out.SetStr(o.Key.Value.Display(), pyeval.NewStr(o.Value.Value.Display()))
			}
			return out, nil
		}))
	declare(legacyConnector, "What a table reads or writes.")
	declare(legacyFormat, "How records are written.")
}

func optionalParameters(names string) string {
	var b strings.Builder
	for _, n := range strings.Fields(names) {
		b.WriteString(", " + n + " = None")
	}
	return b.String()
}

// legacyInit makes a descriptor and applies the arguments of its constructor by
// the methods of their names. True stands for a call without arguments.
func legacyInit(k legacyKind) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		p := &properties{}
		p.add(k.key, ir.Literal(k.value), c.Span.Pos())
		c.Self().(*pyeval.Instance).Data = p
		for _, name := range strings.Fields(k.params) {
			v := c.Arg(name)
			if v == pyeval.None || v == pyeval.False {
				continue
			}
			setter, err := c.Thread.GetAttr(c.Self(), name)
			if err != nil {
				return nil, planned(c.Where(name).Pos(), k.class.Name()+" with the argument "+name)
			}
			var args []pyeval.Value
			if v != pyeval.True {
				args = append(args, v)
			}
			if _, err := c.Thread.Call(setter, args...); err != nil {
				return nil, err
			}
		}
		return pyeval.None, nil
	}
}

// legacyNamed makes a descriptor of what a script names.
func legacyNamed(key string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		p := &properties{}
		p.add(key, ir.Literal(c.Str("type")), c.Where("type").Pos())
		c.Self().(*pyeval.Instance).Data = p
		return pyeval.None, nil
	}
}

// optionMembers are the methods that set one option each.
func optionMembers(class *pyeval.Class) []member {
	var out []member
	for _, o := range legacyOptions[class] {
		out = append(out, def(o.sig, "Sets '"+o.key+"'.", func(c *pyeval.Call) (pyeval.Value, error) {
			v := pyeval.Value(pyeval.NewStr(o.value))
			if o.value == "" {
				v = c.Args()[1]
			}
			return c.Self(), setProperty(c, o.key, v)
		}))
	}
	return out
}

// setProperty sets an option to a value, which may be known only at start.
func setProperty(c *pyeval.Call, key string, v pyeval.Value) error {
	if _, isSym := v.(*pyeval.Sym); !isSym {
		s, err := configText(c.Thread, v)
		if err != nil {
			return err
		}
		v = s
	}
	text, err := textOf(v, c.Span.Pos())
	if err == nil {
		propertiesOf(c.Self()).add(key, text, c.Span.Pos())
	}
	return err
}

// legacyProperties sets options from a dict.
func legacyProperties(prefix, param string) pyeval.NativeFunc {
	return func(c *pyeval.Call) (pyeval.Value, error) {
		d, _ := c.Arg(param).(*pyeval.Dict)
		for k, v := range d.Items() {
			if err := setProperty(c, prefix+textValue(k), v); err != nil {
				return nil, err
			}
		}
		return c.Self(), nil
	}
}

// kafkaMembers are the methods of Kafka that set more than one option.
var kafkaMembers = []member{
	def("properties(self, property_dict: dict)", "Sets properties of the client.", legacyProperties("connector.properties.", "property_dict")),
	def("property(self, key: str, value)", "Sets a property of the client.", func(c *pyeval.Call) (pyeval.Value, error) {
		return c.Self(), setProperty(c, "connector.properties."+c.Str("key"), c.Arg("value"))
	}),
	def("start_from_timestamp(self, timestamp: int)", "Reads from a time on, in milliseconds.", func(c *pyeval.Call) (pyeval.Value, error) {
		if err := setProperty(c, "connector.startup-mode", pyeval.NewStr("timestamp")); err != nil {
			return nil, err
		}
		return c.Self(), setProperty(c, "connector.startup-timestamp-millis", c.Arg("timestamp"))
	}),
	def("start_from_specific_offsets(self, specific_offsets_dict: dict)", "Reads from offsets of partitions on.", func(c *pyeval.Call) (pyeval.Value, error) {
		d, _ := c.Arg("specific_offsets_dict").(*pyeval.Dict)
		for partition, offset := range d.Items() {
			if err := startOffset(c, partition, offset); err != nil {
				return nil, err
			}
		}
		return c.Self(), nil
	}),
	def("start_from_specific_offset(self, partition: int, specific_offset: int)", "Reads a partition from an offset on.", func(c *pyeval.Call) (pyeval.Value, error) {
		return c.Self(), startOffset(c, c.Arg("partition"), c.Arg("specific_offset"))
	}),
}

// startOffset adds an offset to those to start from.
func startOffset(c *pyeval.Call, partition, offset pyeval.Value) error {
	texts := make([]string, 2)
	for i, v := range []pyeval.Value{partition, offset} {
		s, err := c.Thread.Str(v)
		if err != nil {
			return err
		}
		texts[i] = s
	}
	return joinProperty(c, pyeval.Named[string]{{"connector.startup-mode", "specific-offsets"}},
		"connector.specific-offsets", "partition:"+texts[0]+",offset:"+texts[1])
}

// joinProperty sets options and adds an item to one whose items are separated
// by semicolons.
func joinProperty(c *pyeval.Call, fixed pyeval.Named[string], key, item string) error {
	for k, v := range fixed.All() {
		if err := setProperty(c, k, pyeval.NewStr(v)); err != nil {
			return err
		}
	}
	for _, o := range propertiesOf(c.Self()).options {
		if o.Key.Value.Display() == key {
			item = o.Value.Value.Display() + ";" + item
		}
	}
	return setProperty(c, key, pyeval.NewStr(item))
}

func elasticsearchHost(c *pyeval.Call) (pyeval.Value, error) {
	address := c.Str("protocol") + "://" + c.Str("hostname") + ":" + strconv.FormatInt(c.Int("port"), 10)
	return c.Self(), joinProperty(c, nil, "connector.hosts", address)
}
