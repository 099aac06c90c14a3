using System.Globalization;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Sysfs;

namespace Kuzzle.Edge.Hardware.Pwm;

/// <summary>One exported output.</summary>
/// <param name="isOurs">Whether it was we who exported it, and shall give it back.</param>
internal sealed class PwmOutput(IKernel kernel, string chip, string folder, string description, PwmRequest request, bool isOurs) : IPwmChannel
{
    private readonly Lock _gate = new();
    private PwmTiming _timing;
    private double _duty;
    private TimeSpan _period;
    private bool _isDisposed;

    public string Description => description;

    public double Duty
    {
        get
        {
            lock (_gate) return _duty;
        }
    }

    public TimeSpan Period
    {
        get
        {
            lock (_gate) return _period;
        }
    }

    /// <summary>Sets polarity and timing and switches it on. Null when it was done.</summary>
    public HardwareFault? Start(PwmTiming timing)
    {
        lock (_gate)
        {
            // Polarity can be changed only while it is off, and some drivers only after a period was set.
            var polarity = request.Polarity == PwmPolarity.Inversed ? "inversed" : "normal";
            var current = SysfsFile.TryReadText(Path.Combine(folder, "polarity"));
            if (SysfsFile.TryReadText(Path.Combine(folder, "enable")) == "1" && Set("enable", "0") is { } running) return running;
            if (Set("duty_cycle", "0") is { Kind: HardwareFaultKind.NotAllowed or HardwareFaultKind.NotFound } unset) return unset;
            if (Set("period", Number(timing.PeriodNanoseconds)) is { } badPeriod) return badPeriod;
            if (current is not null && current != polarity && Set("polarity", polarity) is { } badPolarity) return badPolarity;
            if ((Set("duty_cycle", Number(timing.DutyNanoseconds)) ?? Set("enable", "1")) is { } fault) return fault;

            _timing = timing;
            _duty = request.InitialDuty;
            _period = request.Period;
            return null;
        }
    }

    public HardwareFault? SetDuty(double duty)
    {
        lock (_gate)
        {
            if (_isDisposed) return Closed();
            if (PwmTiming.Of(_period, duty, out var timing) is { } wrong) return wrong;
            if (Set("duty_cycle", Number(timing.DutyNanoseconds)) is { } fault) return fault;

            _timing = timing;
            _duty = duty;
            return null;
        }
    }

    public HardwareFault? SetPeriod(TimeSpan period)
    {
        lock (_gate)
        {
            if (_isDisposed) return Closed();
            if (PwmTiming.Of(period, _duty, out var timing) is { } wrong) return wrong;

            // The kernel refuses, at every moment, a duty that is longer than the period.
            var isShorter = timing.PeriodNanoseconds < _timing.PeriodNanoseconds;
            var (first, second) = isShorter ? ("duty_cycle", "period") : ("period", "duty_cycle");
            var (firstValue, secondValue) = isShorter ? (timing.DutyNanoseconds, timing.PeriodNanoseconds) : (timing.PeriodNanoseconds, timing.DutyNanoseconds);
            if (Set(first, Number(firstValue)) is { } fault) return fault;
            if (Set(second, Number(secondValue)) is { } half)
            {
                _ = Set(first, Number(isShorter ? _timing.DutyNanoseconds : _timing.PeriodNanoseconds)); // Back to what it was; the fault told is the first.
                return half;
            }

            _timing = timing;
            _period = period;
            return null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;

            // What cannot be set any more cannot be made safe either; whoever closes can do nothing about it.
            if (request.SafeDuty is { } safe && _period > TimeSpan.Zero) _ = SetDuty(safe);
            else _ = Set("enable", "0");
            _isDisposed = true;

            // A kernel stops an output that is unexported: one with a safe duty stays exported.
            if (isOurs && request.SafeDuty is null) kernel.WriteFile(Path.Combine(chip, "unexport"), request.Channel.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private HardwareFault? Set(string file, string value)
    {
        var answer = kernel.WriteFile(Path.Combine(folder, file), value);
        return answer < 0 ? Errno.Fault(answer, $"The {description} does not take {value} as {file}") : null;
    }

    private HardwareFault Closed() => new(HardwareFaultKind.Closed, $"The {description} has been given back.");
}
