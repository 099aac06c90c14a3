using System.Globalization;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.Pwm;

/// <summary>The kernel's PWM outputs through <c>/sys/class/pwm</c>.</summary>
internal sealed class KernelPwm(IKernel kernel, string sysfs) : IPwm
{
    /// <summary>After an export udev may still be giving the files to our group.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private string ClassFolder => Path.Combine(sysfs, "class", "pwm");

    public IReadOnlyList<PwmChip> ListChips() =>
    [
        .. SysfsFile.Devices(ClassFolder)
            .Where(folder => Path.GetFileName(folder).StartsWith("pwmchip", StringComparison.Ordinal))
            .Select(folder => new PwmChip(Path.GetFileName(folder), SysfsFile.LinkName(Path.Combine(folder, "device")) ?? "", (int)CountOf(folder))),
    ];

    public Outcome<IPwmChannel> Open(PwmRequest request)
    {
        if (PwmTiming.Of(request.Period, request.InitialDuty, out var timing) is { } wrong) return wrong;
        if (request.SafeDuty is { } safe && PwmTiming.Of(request.Period, safe, out _) is { } unsafeDuty) return unsafeDuty;

        var found = Find(request);
        if (!found.IsGood) return found.Fault;

        var chip = Path.Combine(ClassFolder, found.Value.Name);
        var folder = Path.Combine(chip, string.Create(CultureInfo.InvariantCulture, $"pwm{request.Channel}"));
        var description = string.Create(CultureInfo.InvariantCulture, $"output {request.Channel} of {found.Value.Name}");
        var isOurs = !Directory.Exists(folder);
        if (isOurs && Export(chip, request.Channel, folder, description) is { } refused) return refused;

        var channel = new PwmOutput(kernel, chip, folder, description, request, isOurs);
        if (channel.Start(timing) is not { } fault) return Outcome<IPwmChannel>.Of(channel);

        channel.Dispose();
        return fault;
    }

    private static double CountOf(string folder) => SysfsFile.ReadNumber(Path.Combine(folder, "npwm")) is { IsGood: true } count ? count.Value : 0;

    private Outcome<PwmChip> Find(PwmRequest request)
    {
        var chips = ListChips();
        var chip = chips.FirstOrDefault(each => each.Name == request.Chip || each.Name == $"pwmchip{request.Chip}" || (each.Device.Length > 0 && each.Device == request.Chip));
        if (chip is null)
        {
            var present = chips.Count == 0 ? "there is none: is PWM switched on in the board's configuration?" : $"there are {string.Join(", ", chips.Select(each => $"{each.Name} ({each.Device})"))}.";
            return new HardwareFault(HardwareFaultKind.NotFound, $"There is no PWM chip '{request.Chip}'; {present}");
        }

        return request.Channel >= 0 && request.Channel < chip.Channels
            ? chip
            : new HardwareFault(HardwareFaultKind.NotFound, $"{chip.Name} has no output {request.Channel}; it has {chip.Channels}, from 0.");
    }

    private HardwareFault? Export(string chip, int channel, string folder, string description)
    {
        var answer = kernel.WriteFile(Path.Combine(chip, "export"), channel.ToString(CultureInfo.InvariantCulture));
        if (answer == -Errno.Busy) return new HardwareFault(HardwareFaultKind.Busy, $"The {description} is held by a driver of the kernel.");
        if (answer < 0) return Errno.Fault(answer, $"The {description} cannot be exported");

        var period = Path.Combine(folder, "period");
        for (var waited = TimeSpan.Zero; waited < Settling; waited += Look)
        {
            if (File.Exists(period) && kernel.WriteFile(period, "0") != -Errno.Access) return null; // 0 is refused as invalid, but not for lack of a right.
            kernel.Pause(Look);
        }

        kernel.WriteFile(Path.Combine(chip, "unexport"), channel.ToString(CultureInfo.InvariantCulture));
        return new HardwareFault(HardwareFaultKind.NotAllowed, $"The {description} was exported, but {period} may not be written by this user.");
    }
}
