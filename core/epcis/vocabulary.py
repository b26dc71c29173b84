"""Words of the standards that an event may use: properties (EPCIS 2.0 §7.4, §10.2) and vocabularies (CBV 2.0 §7)."""

from __future__ import annotations

from typing import Final

from core.epcis.terms import EventType

COMMON: Final = frozenset(
    [
        "@context", "type", "eventTime", "recordTime", "eventTimeZoneOffset", "eventID",
        "certificationInfo", "errorDeclaration",
    ]
)  # fmt: skip
_WHAT_WHERE: Final = frozenset(
    [
        "bizStep", "disposition", "readPoint", "bizLocation", "bizTransactionList", "sourceList",
        "destinationList", "sensorElementList",
    ]
)  # fmt: skip
PROPERTIES: Final[dict[EventType, frozenset[str]]] = {
    EventType.OBJECT: COMMON
    | _WHAT_WHERE
    | {"action", "epcList", "quantityList", "persistentDisposition", "ilmd"},
    EventType.AGGREGATION: COMMON | _WHAT_WHERE | {"action", "parentID", "childEPCs", "childQuantityList"},
    EventType.TRANSACTION: COMMON | _WHAT_WHERE | {"action", "parentID", "epcList", "quantityList"},
    EventType.TRANSFORMATION: COMMON
    | _WHAT_WHERE
    | frozenset(
        [
            "inputEPCList",
            "inputQuantityList",
            "outputEPCList",
            "outputQuantityList",
            "transformationID",
            "persistentDisposition",
            "ilmd",
        ]
    ),
    EventType.ASSOCIATION: COMMON | _WHAT_WHERE | {"action", "parentID", "childEPCs", "childQuantityList"},
}
DOCUMENT: Final = frozenset(
    [
        "@context", "id", "type", "schemaVersion", "creationDate", "instanceIdentifier", "sender",
        "receiver", "epcisHeader", "epcisBody",
    ]
)  # fmt: skip
BIZ_STEPS: Final = frozenset(
    [
        "accepting", "arriving", "assembling", "collecting", "commissioning", "consigning",
        "creating_class_instance", "cycle_counting", "decommissioning", "departing", "destroying",
        "disassembling", "dispensing", "encoding", "entering_exiting", "holding", "inspecting",
        "installing", "killing", "loading", "other", "packing", "picking", "receiving", "removing",
        "repackaging", "repairing", "replacing", "reserving", "retail_selling", "shipping",
        "staging_outbound", "stock_taking", "stocking", "storing", "transporting", "unloading",
        "unpacking", "void_shipping", "sensor_reporting", "sampling",
    ]
)  # fmt: skip
DISPOSITIONS: Final = frozenset(
    [
        "active", "container_closed", "damaged", "destroyed", "dispensed", "disposed", "encoded",
        "expired", "in_progress", "in_transit", "inactive", "no_pedigree_match", "non_sellable_other",
        "partially_dispensed", "recalled", "reserved", "retail_sold", "returned", "sellable_accessible",
        "sellable_not_accessible", "stolen", "unknown", "available", "completeness_verified",
        "completeness_inferred", "conformant", "container_open", "mismatch_instance", "mismatch_class",
        "mismatch_quantity", "needs_replacement", "non_conformant", "unavailable",
    ]
)  # fmt: skip
TRANSACTIONS: Final = frozenset(
    [
        "bol", "cert", "desadv", "inv", "pedigree", "po", "poc", "prodorder", "recadv", "rma", "testprd",
        "testres", "upevt",
    ]
)  # fmt: skip
PARTIES: Final = frozenset(["owning_party", "possessing_party", "location"])
REASONS: Final = frozenset(["did_not_occur", "incorrect_data"])
MEASURES: Final = frozenset(
    [
        "AbsoluteHumidity", "AbsorbedDose", "AbsorbedDoseRate", "Acceleration", "Radioactivity",
        "Altitude", "AmountOfSubstance", "AmountOfSubstancePerUnitVolume", "Angle", "AngularAcceleration",
        "AngularMomentum", "AngularVelocity", "Area", "Capacitance", "Conductance", "Conductivity",
        "Count", "Density", "Dimensionless", "DoseEquivalent", "DoseEquivalentRate", "DynamicViscosity",
        "ElectricCharge", "ElectricCurrent", "ElectricCurrentDensity", "ElectricFieldStrength", "Energy",
        "Exposure", "Force", "Frequency", "Illuminance", "Inductance", "Irradiance", "KinematicViscosity",
        "Length", "LinearMomentum", "Luminance", "LuminousFlux", "LuminousIntensity", "MagneticFlux",
        "MagneticFluxDensity", "MagneticVectorPotential", "Mass", "MassConcentration", "MassFlowRate",
        "MassPerAreaTime", "MemoryCapacity", "MolalityOfSolute", "MolarEnergy", "MolarMass", "MolarVolume",
        "Power", "Pressure", "RadiantFlux", "RadiantIntensity", "RelativeHumidity", "Resistance",
        "Resistivity", "SolidAngle", "SpecificVolume", "Speed", "SurfaceDensity", "SurfaceTension",
        "Temperature", "Time", "Torque", "Voltage", "Volume", "VolumeFlowRate", "VolumeFraction",
        "VolumetricFlux", "Wavenumber",
    ]
)  # fmt: skip
ALERTS: Final = frozenset({"ALARM_CONDITION", "ERROR_CONDITION"})
COMPONENTS: Final = frozenset(
    [
        "x", "y", "z", "axial_distance", "azimuth", "height", "spherical_radius", "polar_angle",
        "elevation_angle", "easting", "northing", "latitude", "longitude", "altitude",
    ]
)  # fmt: skip
METADATA: Final = frozenset(
    [
        "time", "deviceID", "deviceMetadata", "rawData", "startTime", "endTime", "dataProcessingMethod",
        "bizRules",
    ]
)  # fmt: skip
REPORT_URIS: Final = frozenset(
    [
        "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules", "microorganism",
        "chemicalSubstance", "coordinateReferenceSystem", "uriValue",
    ]
)  # fmt: skip
REPORT_NUMBERS: Final = frozenset(
    ["value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"]
)
REPORT: Final = (
    REPORT_URIS
    | REPORT_NUMBERS
    | frozenset(
        [
            "type",
            "exception",
            "time",
            "component",
            "stringValue",
            "booleanValue",
            "hexBinaryValue",
            "uom",
        ]
    )
)
CBV: Final = ("urn:epcglobal:cbv", "https://ns.gs1.org/cbv/", "http://ns.gs1.org/cbv/")
"""In JSON, words of CBV stand by themselves (EPCIS 2.0 §10.2)."""
WEB: Final = (
    "https://gs1.org/voc/",
    "http://gs1.org/voc/",
    "https://www.gs1.org/voc/",
    "http://www.gs1.org/voc/",
)
