"""Runs the worker from this folder, without installing it: python FOLDER …"""
from pyfc_worker.__main__ import main

main()
