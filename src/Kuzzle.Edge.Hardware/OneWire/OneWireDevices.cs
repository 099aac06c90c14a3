using System.Collections.Frozen;
using System.Globalization;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.OneWire;

/// <summary>Devices on 1-Wire buses, as the kernel lists them under <c>/sys/bus/w1/devices</c>.</summary>
internal static class OneWireDevices
{
    private static readonly FrozenDictionary<byte, string> Families = new Dictionary<byte, string>
    {
        [0x01] = "DS2401, serial number",
        [0x10] = "DS18S20",
        [0x12] = "DS2406, switch",
        [0x1D] = "DS2423, counter",
        [0x20] = "DS2450, converter",
        [0x22] = "DS1822",
        [0x26] = "DS2438, battery monitor",
        [0x28] = "DS18B20",
        [0x29] = "DS2408, switch",
        [0x2D] = "DS2431, EEPROM",
        [0x3A] = "DS2413, switch",
        [0x3B] = "DS1825",
        [0x42] = "DS28EA00",
    }.ToFrozenDictionary();

    private static readonly byte[] Thermometers = [0x10, 0x22, 0x28, 0x3B, 0x42];

    public static string FolderOf(string sysfs) => Path.Combine(sysfs, "bus", "w1", "devices");

    /// <summary>The folders of devices, not those of bus masters.</summary>
    public static IEnumerable<string> Folders(string sysfs) => SysfsFile.Devices(FolderOf(sysfs)).Where(folder => FamilyOf(Path.GetFileName(folder)) is not null);

    /// <summary>The family's number, which begins an id such as <c>28-00000abcdef0</c>; null when this is no id.</summary>
    public static byte? FamilyOf(string id) =>
        id.Length > 3 && id[2] == '-' && byte.TryParse(id.AsSpan(0, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var family) ? family : null;

    public static string? NameOf(byte family) => Families.GetValueOrDefault(family);

    public static bool IsThermometer(byte family) => Thermometers.Contains(family);
}
