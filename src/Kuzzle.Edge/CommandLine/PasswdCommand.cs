using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kuzzle.Edge.Broker.Access;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge passwd</c>.</summary>
internal static class PasswdCommand
{
    /// <summary>MQTT carries no longer one.</summary>
    private const int MaxBytes = 65_535;

    /// <summary>Reads a password, from the terminal without showing it or else the first line of standard input, and prints its hash.</summary>
    /// <param name="user">With a user name, a whole file for kuzzlerc.d is printed; null for the hash alone.</param>
    /// <param name="iterations">How expensive checking it is.</param>
    public static int Invoke(string? user, int iterations)
    {
        var password = Console.IsInputRedirected ? ReadLine(Console.OpenStandardInput(), out var fault) : ReadTwice(out fault);
        if (password is null)
        {
            return StandardError.Write(ExitCode.Usage, fault);
        }

        var hash = PasswordHash.Create(password, iterations).Text;
        Console.Out.WriteLine(user is null ? hash : FileOf(user, hash));
        return (int)ExitCode.Success;
    }

    /// <summary>The first line, as bytes, whatever their encoding: a device sends bytes, too.</summary>
    private static byte[]? ReadLine(Stream input, out string fault)
    {
        var line = new ArrayBufferWriter<byte>();
        Span<byte> next = stackalloc byte[1];
        while (line.WrittenCount <= MaxBytes + 1 && input.Read(next) == 1 && next[0] != (byte)'\n') line.Write(next);

        var password = line.WrittenSpan;
        if (password is [.., (byte)'\r']) password = password[..^1];
        fault = FaultOf(password.Length);
        return fault.Length == 0 ? password.ToArray() : null;
    }

    private static byte[]? ReadTwice(out string fault)
    {
        var first = ReadHidden("Password: ");
        fault = first != ReadHidden("Once more: ") ? "the two passwords differ" : FaultOf(Encoding.UTF8.GetByteCount(first));
        return fault.Length == 0 ? Encoding.UTF8.GetBytes(first) : null;
    }

    private static string FaultOf(int length) => length switch
    {
        0 => "the password is empty; type one, or give it as the first line of standard input",
        > MaxBytes => $"the password is longer than {MaxBytes} bytes",
        _ => "",
    };

    private static string ReadHidden(string prompt)
    {
        Console.Error.Write(prompt);
        var typed = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter) break;
            if (key.Key != ConsoleKey.Backspace) typed.Append(key.KeyChar == '\0' ? "" : key.KeyChar);
            else if (typed.Length > 0) typed.Length -= typed.Length > 1 && char.IsSurrogate(typed[^1]) ? 2 : 1;
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }

    private static string FileOf(string user, string hash)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            string[] path = ["server", "protocols", "mqtt", "users", user];
            writer.WriteStartObject();
            foreach (var name in path) writer.WriteStartObject(name);
            writer.WriteString("password", hash);
            foreach (var _ in path) writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.WrittenSpan);
    }
}
