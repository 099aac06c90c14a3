using System.Globalization;

namespace Kuzzle.Edge.Hardware.Pwm;

/// <summary>A period and the part of it that is on, in nanoseconds as the kernel takes them.</summary>
internal readonly record struct PwmTiming(long PeriodNanoseconds, long DutyNanoseconds)
{
    /// <summary>Null when period and duty make sense.</summary>
    public static HardwareFault? Of(TimeSpan period, double duty, out PwmTiming timing)
    {
        timing = default;
        if (period <= TimeSpan.Zero || period > TimeSpan.FromSeconds(60))
        {
            return new HardwareFault(HardwareFaultKind.BadRequest, $"A PWM period of {period} makes no sense; it can be up to 60 s.");
        }

        if (!(duty is >= 0 and <= 1)) return new HardwareFault(HardwareFaultKind.BadRequest, string.Create(CultureInfo.InvariantCulture, $"A duty of {duty} makes no sense; it is 0 to 1."));

        var nanoseconds = period.Ticks * TimeSpan.NanosecondsPerTick;
        timing = new PwmTiming(nanoseconds, (long)Math.Round(nanoseconds * duty));
        return null;
    }
}
