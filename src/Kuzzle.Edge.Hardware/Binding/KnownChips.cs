using System.Collections.Frozen;

namespace Kuzzle.Edge.Hardware.Binding;

/// <summary>
/// Chips with a driver in the Linux kernel, as its device tables and hwmon documents name them. Whether the running kernel has the driver is looked up when it is needed.
/// </summary>
public static class KnownChips
{
    private static readonly int[] Environmental = [0x76, 0x77];
    private static readonly int[] Thermometers = [0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F];
    private static readonly int[] FourByPin = [0x48, 0x49, 0x4A, 0x4B];

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<KnownChip> All { get; } =
    [
        .. new[]
        {
            Iio("bmp180", "Bosch BMP180, pressure and temperature", "bmp280", "bmp280-i2c", ["temp", "pressure"], 0x77),
            Iio("bmp280", "Bosch BMP280, pressure and temperature", "bmp280", "bmp280-i2c", ["temp", "pressure"], Environmental),
            Iio("bme280", "Bosch BME280, pressure, humidity and temperature", "bmp280", "bmp280-i2c", ["temp", "pressure", "humidityrelative"], Environmental),
            Iio("bmp380", "Bosch BMP380, pressure and temperature", "bmp280", "bmp280-i2c", ["temp", "pressure"], Environmental),
            Iio("dps310", "Infineon DPS310, pressure and temperature", "dps310", "dps310", ["temp", "pressure"], 0x77, 0x76),
            Iio("ads1015", "TI ADS1015, 12-bit converter with four inputs", "ads1015", "ti-ads1015", ["voltage0", "voltage1", "voltage2", "voltage3"], FourByPin),
            Iio("ads1115", "TI ADS1115, 16-bit converter with four inputs", "ads1015", "ti-ads1015", ["voltage0", "voltage1", "voltage2", "voltage3"], FourByPin),
            Iio("mcp3421", "Microchip MCP3421, 18-bit converter", "mcp3422", "mcp3422", ["voltage0"], 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F),
            Iio("mcp3422", "Microchip MCP3422, 18-bit converter with two inputs", "mcp3422", "mcp3422", ["voltage0", "voltage1"], 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F),
            Iio("mcp3424", "Microchip MCP3424, 18-bit converter with four inputs", "mcp3422", "mcp3422", ["voltage0", "voltage1", "voltage2", "voltage3"], 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F),
            Iio("bh1750", "ROHM BH1750, light", "bh1750", "bh1750", ["illuminance"], 0x23, 0x5C),
            Iio("veml6030", "Vishay VEML6030, light", "veml6030", "veml6030", ["illuminance"], 0x10, 0x48),
            Iio("apds9960", "Broadcom APDS9960, light, colour and proximity", "apds9960", "apds9960", ["intensity_clear", "intensity_red", "intensity_green", "intensity_blue", "proximity"], 0x39),
            Iio("mpu6050", "InvenSense MPU6050, acceleration and rotation", "inv-mpu6050-i2c", "inv-mpu6050-i2c", ["accel_x", "accel_y", "accel_z", "anglvel_x", "anglvel_y", "anglvel_z", "temp"], 0x68, 0x69),
            Iio("mpu9250", "InvenSense MPU9250, acceleration and rotation", "inv-mpu6050-i2c", "inv-mpu6050-i2c", ["accel_x", "accel_y", "accel_z", "anglvel_x", "anglvel_y", "anglvel_z", "temp"], 0x68, 0x69),
            Iio("adxl345", "Analog Devices ADXL345, acceleration", "adxl345_i2c", "adxl345_i2c", ["accel_x", "accel_y", "accel_z"], 0x53, 0x1D),
            Iio("vl53l0x", "ST VL53L0X, distance", "vl53l0x-i2c", "vl53l0x-i2c", ["distance"], 0x29),
            Iio("mlx90614", "Melexis MLX90614, temperature at a distance", "mlx90614", "mlx90614", ["temp_ambient", "temp_object"], 0x5A),
            Hwmon("lm75", "LM75, thermometer", "lm75", "lm75", ["temp1"], Thermometers),
            Hwmon("tmp75", "TI TMP75, thermometer", "lm75", "lm75", ["temp1"], Thermometers),
            Hwmon("tmp105", "TI TMP105, thermometer", "lm75", "lm75", ["temp1"], Thermometers),
            Hwmon("tmp112", "TI TMP112, thermometer", "lm75", "lm75", ["temp1"], FourByPin),
            Hwmon("ds75", "Maxim DS75, thermometer", "lm75", "lm75", ["temp1"], Thermometers),
            Hwmon("pct2075", "NXP PCT2075, thermometer", "lm75", "lm75", ["temp1"], 0x37, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F),
            Hwmon("tmp102", "TI TMP102, thermometer", "tmp102", "tmp102", ["temp1"], FourByPin),
            Hwmon("jc42", "JEDEC JC-42.4, thermometer (also MCP9808)", "jc42", "jc42", ["temp1"], 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F),
            Hwmon("tmp421", "TI TMP421, thermometer with a remote diode", "tmp421", "tmp421", ["temp1", "temp2"], 0x4C, 0x4D, 0x4E, 0x4F, 0x1C, 0x1D, 0x1E, 0x1F, 0x2A),
            Hwmon("tmp422", "TI TMP422, thermometer with two remote diodes", "tmp421", "tmp421", ["temp1", "temp2", "temp3"], 0x4C, 0x4D, 0x4E, 0x4F),
            Hwmon("sht3x", "Sensirion SHT3x, humidity and temperature", "sht3x", "sht3x", ["temp1", "humidity1"], 0x44, 0x45),
            Hwmon("sht4x", "Sensirion SHT4x, humidity and temperature", "sht4x", "sht4x", ["temp1", "humidity1"], 0x44, 0x45, 0x46),
            Hwmon("shtc1", "Sensirion SHTC1 and SHTC3, humidity and temperature", "shtc1", "shtc1", ["temp1", "humidity1"], 0x70),
            Hwmon("ina219", "TI INA219, voltage, current and power", "ina2xx", "ina2xx", ["in0", "in1", "curr1", "power1"], 0x40, 0x41, 0x44, 0x45),
            Hwmon("ina226", "TI INA226, voltage, current and power", "ina2xx", "ina2xx", ["in0", "in1", "curr1", "power1"], 0x40, 0x41, 0x44, 0x45),
            Hwmon("ds1621", "Maxim DS1621, thermometer", "ds1621", "ds1621", ["temp1"], Thermometers),
            Iio("si7020", "Silicon Labs Si7020, Si7021 and HTU21D, humidity and temperature", "si7020", "si7020", ["temp", "humidityrelative"], 0x40),
            Iio("hdc1080", "TI HDC1080, humidity and temperature", "hdc100x", "hdc100x", ["temp", "humidityrelative"], 0x40),
            Iio("tmp117", "TI TMP117, thermometer", "tmp117", "tmp117", ["temp"], FourByPin),
            Iio("bme680", "Bosch BME680, pressure, humidity, temperature and gas", "bme680_i2c", "bme680_i2c", ["temp", "pressure", "humidityrelative", "resistance"], Environmental),
        }.OrderBy(chip => chip.Name, StringComparer.Ordinal),
    ];

    private static FrozenDictionary<string, KnownChip> ByName { get; } = All.ToFrozenDictionary(chip => chip.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The chip of this name; null when it is not in the list.</summary>
    public static KnownChip? Find(string name) => ByName.GetValueOrDefault(name);

    private static KnownChip Iio(string name, string title, string driver, string module, string[] channels, params int[] addresses) =>
        new(name, title, driver, module, KernelSubsystem.Iio, channels, addresses);

    private static KnownChip Hwmon(string name, string title, string driver, string module, string[] channels, params int[] addresses) =>
        new(name, title, driver, module, KernelSubsystem.Hwmon, channels, addresses);
}
