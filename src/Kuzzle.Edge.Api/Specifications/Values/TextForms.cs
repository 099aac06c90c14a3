using System.Net;
using System.Net.Mail;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>The forms of texts that specifications know.</summary>
internal static class TextForms
{
    public static bool IsEmail(string text) =>
        MailAddress.TryCreate(text, out var address) && address.Address == text && address.Host.Contains('.', StringComparison.Ordinal);

    public static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https" or "ftp") && uri.Host.Length > 0;

    /// <summary>Four numbers, or IPv6: the runtime would also read 1 or 0x7f.1 as addresses.</summary>
    public static bool IsIpAddress(string text) => IPAddress.TryParse(text, out _) && (text.Contains(':', StringComparison.Ordinal) || text.Count(character => character == '.') == 3);
}
