package pyflink

import "pyfc/compiler/pyeval"

// The views that accumulators hold. They are made and used in workers.
var (
	dataViewClass = pyeval.NewClass("pyflink.table.data_view", "DataView")
	listView      = pyeval.NewClass("pyflink.table.data_view", "ListView", dataViewClass)
	mapView       = pyeval.NewClass("pyflink.table.data_view", "MapView")
)

func init() {
	declare(dataViewClass, "A collection in an accumulator.",
		inWorker("clear(self)", "Removes all that is in it."))
	declare(listView, "A list in an accumulator.",
		inWorker("get(self)", "What is in it, in order."),
		inWorker("add(self, value)", "Appends a value."),
		inWorker("add_all(self, values)", "Appends several values."),
		inWorker("clear(self)", "Removes all that is in it."))
	declare(mapView, "A map in an accumulator.",
		inWorker("get(self, key)", "The value of a key."),
		inWorker("put(self, key, value)", "Sets the value of a key."),
		inWorker("put_all(self, dict_value)", "Sets the values of several keys."),
		inWorker("remove(self, key)", "Removes a key."),
		inWorker("contains(self, key)", "Whether there is a key."),
		inWorker("items(self)", "The keys with their values."),
		inWorker("keys(self)", "The keys."),
		inWorker("values(self)", "The values."),
		inWorker("is_empty(self)", "Whether there is no key."),
		inWorker("clear(self)", "Removes all that is in it."))
}
