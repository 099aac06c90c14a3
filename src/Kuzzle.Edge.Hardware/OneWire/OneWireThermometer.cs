using System.Globalization;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Sensors;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.OneWire;

/// <summary>
/// A thermometer on a 1-Wire bus (DS18B20 and its family) through the kernel's driver w1_therm. A reading converts first, which takes 750 ms at 12 bits. Damaged answers, an
/// empty bus and the value of a thermometer that has just got its power are faults, not temperatures.
/// </summary>
public sealed class OneWireThermometer : ISensorSource
{
    /// <summary>85 °C is true when it was about that warm before.</summary>
    private const double PlausibleStep = 5;

    private readonly string _sysfs;
    private readonly string? _id;
    private readonly int? _resolutionBits;
    private readonly IKernel _kernel;
    private string? _folder;
    private bool _isSetUp;
    private double? _last;

    /// <summary>A thermometer.</summary>
    /// <param name="id">Its id: <c>28-00000abcdef0</c>; null takes the first thermometer.</param>
    /// <param name="resolutionBits">9 to 12 bits: 94, 188, 375 or 750 ms for each reading; null leaves it.</param>
    /// <param name="sysfs">Where sysfs is mounted.</param>
    /// <exception cref="ArgumentOutOfRangeException">The resolution is none of these.</exception>
    public OneWireThermometer(string? id, int? resolutionBits = null, string sysfs = "/sys")
        : this(id, resolutionBits, sysfs, new LinuxKernel())
    {
    }

    internal OneWireThermometer(string? id, int? resolutionBits, string sysfs, IKernel kernel)
    {
        if (resolutionBits is < 9 or > 12) throw new ArgumentOutOfRangeException(nameof(resolutionBits), resolutionBits, "9 to 12");

        _id = id;
        _resolutionBits = resolutionBits;
        _sysfs = sysfs;
        _kernel = kernel;
    }

    /// <inheritdoc/>
    public string Description => $"1-Wire thermometer {_id ?? (_folder is null ? "(the first)" : Path.GetFileName(_folder))}";

    /// <inheritdoc/>
    public string Kind => "temperature";

    /// <inheritdoc/>
    public string Unit => "°C";

    /// <inheritdoc/>
    public Measurement Measure(DateTimeOffset at)
    {
        _folder ??= Find();
        if (_folder is null) return Measurement.Failed($"There is no {Description} under {OneWireDevices.FolderOf(_sysfs)}.");

        var measured = SetUp() is { } fault ? Measurement.Failed(fault) : Read();
        if (measured.IsGood)
        {
            _last = measured.Value;
        }
        else if (!Directory.Exists(_folder))
        {
            _folder = null;
            _isSetUp = false;
        }

        return measured;
    }

    private string? Find() => OneWireDevices.Folders(_sysfs).FirstOrDefault(
        folder => _id is null ? OneWireDevices.IsThermometer(OneWireDevices.FamilyOf(Path.GetFileName(folder))!.Value) : Path.GetFileName(folder) == _id);

    private string? SetUp()
    {
        if (_isSetUp || _resolutionBits is not { } bits) return null;

        var file = Path.Combine(_folder!, "resolution");
        var answer = _kernel.WriteFile(file, bits.ToString(CultureInfo.InvariantCulture));
        if (answer < 0) return $"{file} does not take {bits}: {Errno.Describe(answer)}.";

        _isSetUp = true;
        return null;
    }

    private Measurement Read()
    {
        var file = Path.Combine(_folder!, "w1_slave");
        if (SysfsFile.TryReadText(file) is not { } text) return Measurement.Failed($"{file} cannot be read: the thermometer does not answer.");
        if (!Scratchpad.TryParse(text, out var scratchpad)) return Measurement.Failed($"{file} says '{(text.Length > 60 ? text[..60] : text)}', which is no memory of a thermometer.");

        if (scratchpad.IsAllZero) return Measurement.Failed($"{Description} answers with zeros only: it is not there, or its data line is held low.");
        if (!scratchpad.IsChecked) return Measurement.Failed($"{Description} sent a damaged answer ({Convert.ToHexStringLower(scratchpad.Bytes)}): the checksum is wrong.");
        if (scratchpad.MilliCelsius is not { } milli) return Measurement.Failed($"{file} tells no temperature.");

        var celsius = milli / 1000.0;
        return scratchpad.LooksLikePowerOn && !(_last is { } last && Math.Abs(celsius - last) <= PlausibleStep)
            ? Measurement.Failed($"{Description} says 85 °C, which it does after power-on without a conversion: is its supply too weak?")
            : Measurement.Of(celsius);
    }
}
