namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>Finds what is wrong with a map before a bus sees it.</summary>
internal static class RegisterMapFaults
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    public static List<(string Key, string Fault)> Of(RegisterMap map)
    {
        var faults = new List<(string Key, string Fault)>();
        if (map.Name.Length == 0) faults.Add(("name", "is empty"));
        for (var i = 0; i < map.Init.Count; i++) CheckStep(map.Init[i], $"init[{i}]", faults);
        for (var i = 0; i < map.Measure.Count; i++) CheckStep(map.Measure[i], $"measure[{i}]", faults);
        if (map.Fields.Count == 0) faults.Add(("fields", "is empty: there is nothing to measure"));
        if (map.MinInterval < TimeSpan.Zero || map.MinInterval > TimeSpan.FromHours(1)) faults.Add(("minInterval", $"is {map.MinInterval}, allowed are 0 to 1 hour"));

        var reads = map.Measure.OfType<ReadStep>().ToList();
        for (var i = 0; i < map.Fields.Count; i++) CheckField(map.Fields[i], $"fields[{i}]", reads, faults);

        var names = map.Fields.Select(field => field.Name).Concat(map.Derived.Select(derived => derived.Name));
        foreach (var twice in names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1)) faults.Add(("fields", $"has '{twice.Key}' twice"));
        return faults;
    }

    private static void CheckStep(RegisterStep step, string key, List<(string Key, string Fault)> faults)
    {
        switch (step)
        {
            case WriteStep { Bytes.Count: < 1 or > 32 } write:
                faults.Add(($"{key}.bytes", $"has {write.Bytes.Count} bytes, allowed are 1 to 32"));
                break;
            case WaitStep wait when wait.Time < TimeSpan.Zero || wait.Time > LongestWait:
                faults.Add(($"{key}.time", $"is {wait.Time}, allowed are 0 to 10 s"));
                break;
            case PollStep poll:
                if (poll.Timeout <= TimeSpan.Zero || poll.Timeout > LongestWait) faults.Add(($"{key}.timeout", $"is {poll.Timeout}, allowed are up to 10 s"));
                if (poll.Interval <= TimeSpan.Zero || poll.Interval > poll.Timeout) faults.Add(($"{key}.interval", $"is {poll.Interval}, allowed is up to the timeout"));
                if (poll.Status.Length > sizeof(uint)) faults.Add(($"{key}.status.length", $"is {poll.Status.Length}, allowed are 1 to 4"));
                CheckStep(poll.Status, $"{key}.status", faults);
                break;
            case ReadStep read:
                if (read.Length is < 1 or > 255) faults.Add(($"{key}.length", $"is {read.Length}, allowed are 1 to 255"));
                if (read.Command.Count > 32) faults.Add(($"{key}.command", $"has {read.Command.Count} bytes, allowed are up to 32"));
                if (read.Delay < TimeSpan.Zero || read.Delay > LongestWait) faults.Add(($"{key}.delay", $"is {read.Delay}, allowed are 0 to 10 s"));
                if (read.Crc is { WordLength: < 1 or > 255 } crc) faults.Add(($"{key}.crc.wordLength", $"is {crc.WordLength}, allowed are 1 to 255"));
                else if (read.Crc is { } word && read.Length % word.WordLength != 0) faults.Add(($"{key}.length", $"is {read.Length}, no multiple of the checked words of {word.WordLength}"));
                break;
        }
    }

    private static void CheckField(RegisterField field, string key, List<ReadStep> reads, List<(string Key, string Fault)> faults)
    {
        if (field.Name.Length == 0) faults.Add(($"{key}.name", "is empty"));
        if (field.Width is < 1 or > 8) faults.Add(($"{key}.width", $"is {field.Width}, allowed are 1 to 8"));
        if (field.Shift is < 0 or > 63) faults.Add(($"{key}.shift", $"is {field.Shift}, allowed are 0 to 63"));
        if (field.Mask == 0) faults.Add(($"{key}.mask", "is 0, which leaves nothing"));
        if (!double.IsFinite(field.Scale)) faults.Add(($"{key}.scale", "is no finite number"));
        if (!double.IsFinite(field.Offset)) faults.Add(($"{key}.offset", "is no finite number"));
        if (double.IsNaN(field.Least) || double.IsNaN(field.Greatest) || field.Least > field.Greatest) faults.Add(($"{key}.least", "is greater than the greatest"));
        if (field.Read < 0 || field.Read >= reads.Count) faults.Add(($"{key}.read", $"is {field.Read}, but there are {reads.Count} reads"));
        else if (field.Position < 0 || field.Position + field.Width > reads[field.Read].Length) faults.Add(($"{key}.position", $"is {field.Position} with {field.Width} bytes, beyond the {reads[field.Read].Length} that are read"));
    }
}
