using IncidentMesh.Protocol;
using IncidentMesh.Protocol.Identity;

namespace IncidentMesh.Node.Net;

/// <summary>Why a listen address cannot be used.</summary>
public enum ListenFailure
{
    /// <summary>Another process, or this one, listens on the port already.</summary>
    AddressInUse,

    /// <summary>The machine has no such address.</summary>
    AddressNotAvailable,

    /// <summary>The port needs rights that the process lacks.</summary>
    AccessDenied,

    /// <summary>The address is not <c>/ip4</c> or <c>/ip6</c> with <c>/tcp</c>.</summary>
    Unsupported,

    /// <summary>Anything else; the inner exception tells.</summary>
    Other,
}

/// <summary>A listen address cannot be used.</summary>
public sealed class ListenException(Multiaddr address, ListenFailure reason, Exception? inner = null)
    : IOException($"cannot listen on {address}: {Describe(reason, inner)}", inner)
{
    /// <summary>The address.</summary>
    public Multiaddr Address { get; } = address;

    /// <summary>Why.</summary>
    public ListenFailure Reason { get; } = reason;

    private static string Describe(ListenFailure reason, Exception? inner) => reason switch
    {
        ListenFailure.AddressInUse => "the port is in use",
        ListenFailure.AddressNotAvailable => "this machine has no such address",
        ListenFailure.AccessDenied => "the port needs more rights",
        ListenFailure.Unsupported => "only /ip4 and /ip6 with /tcp are listened on",
        _ => inner?.Message ?? "unknown",
    };
}

/// <summary>A peer could not be reached, or is not who was dialled.</summary>
public sealed class DialException(Multiaddr address, Fault fault, Exception? inner = null)
    : IOException($"cannot dial {address}: {fault.Detail}", inner)
{
    /// <summary>The address.</summary>
    public Multiaddr Address { get; } = address;

    /// <summary>Why: <c>dial-*</c>, or what the upgrade failed with.</summary>
    public Fault Fault { get; } = fault;
}

/// <summary>A stream cannot be opened, or ended before its time.</summary>
public sealed class StreamException(Fault fault) : IOException(fault.ToString())
{
    /// <summary>Why: <c>stream-*</c>, <c>multistream-*</c> or <c>connection-*</c>.</summary>
    public Fault Fault { get; } = fault;
}
