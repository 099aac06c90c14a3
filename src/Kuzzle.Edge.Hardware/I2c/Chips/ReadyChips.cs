using System.Collections.Frozen;
using Kuzzle.Edge.Hardware.I2c.Registers;
using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>The chips that this program can drive itself.</summary>
public static class ReadyChips
{
    private static readonly ChipSettings Usual = new();

    private static readonly (string Name, string Title, int[] Addresses, Func<ChipSettings, RegisterMap> Map)[] Mapped =
    [
        ("aht10", "Aosong AHT10, humidity and temperature", [0x38, 0x39], _ => ReadyMaps.Aht10),
        ("aht20", "Aosong AHT20 and AHT21, humidity and temperature", [0x38], _ => ReadyMaps.Aht20),
        ("hdc1080", "TI HDC1080, humidity and temperature", [0x40], _ => ReadyMaps.Hdc1080),
        ("htu21d", "TE HTU21D, humidity and temperature", [0x40], _ => ReadyMaps.Si7021("htu21d")),
        ("ina219", "TI INA219, voltage, current and power", [.. Enumerable.Range(0x40, 16)], settings => ReadyMaps.Ina219(settings.ShuntOhms)),
        ("ina226", "TI INA226, voltage, current and power", [.. Enumerable.Range(0x40, 16)], settings => ReadyMaps.Ina226(settings.ShuntOhms)),
        ("scd40", "Sensirion SCD40, carbon dioxide, humidity and temperature", [0x62], _ => ReadyMaps.Scd4x("scd40")),
        ("scd41", "Sensirion SCD41, carbon dioxide, humidity and temperature", [0x62], _ => ReadyMaps.Scd4x("scd41")),
        ("sgp30", "Sensirion SGP30, air quality", [0x58], _ => ReadyMaps.Sgp30),
        ("sgp40", "Sensirion SGP40, air quality as an index and a raw signal", [0x59], _ => ReadyMaps.Sgp40(new VocIndex())),
        ("si7021", "Silicon Labs Si7021, humidity and temperature", [0x40], _ => ReadyMaps.Si7021("si7021")),
        ("tmp117", "TI TMP117, thermometer", [0x48, 0x49, 0x4A, 0x4B], _ => ReadyMaps.Tmp117),
        ("tsl2561", "ams TSL2561, light", [0x39, 0x29, 0x49], _ => ReadyMaps.Tsl2561),
    ];

    private static readonly FrozenDictionary<string, Func<ChipSettings, RegisterMap>> Maps =
        Mapped.ToFrozenDictionary(row => row.Name, row => row.Map, StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<ReadyChip> All { get; } =
    [
        .. Mapped
            .Select(row => new ReadyChip(row.Name, row.Title, row.Addresses, row.Map(Usual).Channels))
            .Append(new ReadyChip(Bme680.ChipName, "Bosch BME680, pressure, humidity, temperature and gas", [0x76, 0x77], Bme680.AllChannels))
            .OrderBy(chip => chip.Name, StringComparer.Ordinal),
    ];

    /// <summary>The chip of this name; null when it is not in the list.</summary>
    public static ReadyChip? Find(string name) => All.FirstOrDefault(chip => string.Equals(chip.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The map of the chip of this name; null when it has none.</summary>
    public static RegisterMap? FindMap(string name, ChipSettings settings) => Maps.GetValueOrDefault(name)?.Invoke(settings);

    internal static IChip? Create(string name, II2cBus bus, int address, ChipSettings settings, IKernel kernel, Lock gate)
    {
        if (FindMap(name, settings) is { } map) return new RegisterMapChip(map, bus, address, kernel, gate);

        return string.Equals(name, Bme680.ChipName, StringComparison.OrdinalIgnoreCase) ? new Bme680(bus, address, settings, kernel, gate) : null;
    }
}
